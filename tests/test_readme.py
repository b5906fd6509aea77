"""The README is kept true: its examples are run."""

import re

import pytest

from allocator.geography.outcodes import ATTRIBUTION
from tests.readme import README, ROOT, examples, printed, without_seconds

TEXT = README.read_text(encoding="utf-8")
EXAMPLES = examples(TEXT)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    commands = [example.command for example in EXAMPLES]
    return list(printed(commands, tmp_path_factory.mktemp("readme")))


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[e.command for e in EXAMPLES])
def test_an_example_prints_what_the_readme_says(outputs, number):
    assert without_seconds(outputs[number]) == without_seconds(EXAMPLES[number].output)


def test_the_first_screen_has_a_plan_and_an_explanation():
    commands = [example.command.split()[:2] for example in EXAMPLES]
    assert ["allocator", "allocate"] in commands
    assert ["allocator", "explain"] in commands


def test_seconds_alone_may_differ():
    assert without_seconds("a  3 people  yes  0.1\n") == without_seconds("a  3 people  yes  11.2\n")
    assert without_seconds("a  3 people  yes  0.1\n") != without_seconds("a  4 people  yes  0.1\n")


def test_links_lead_to_files_that_are_there():
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_data_are_attributed_as_their_licence_asks():
    assert ATTRIBUTION in " ".join(TEXT.split())

"""The docs are read by tests: what they say of the code has to be so.

That the model's headings are the referee's registries is held by tests/check/test_rules.py; that
the schemas are the code's, by tests/ingest/test_templates.py.
"""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli import COMMANDS, app
from allocator.generate import SIZES
from allocator.policy import AIM_CODES, load_policy
from allocator.rules import SENTENCES
from allocator.solver_process import Limits

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
POLICIES = sorted(
    path.name for path in resources.files("allocator.policies").iterdir() if ".toml" in path.name
)


def pages():
    return [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "fixtures").rglob("*.md")]


def headings(section):
    (text,) = [part for part in re.split(r"^## ", MODEL, flags=re.M) if part.startswith(section)]
    return re.findall(r"^### (\w+)$", text, flags=re.M)


def test_the_solvers_bed_rules_are_those_of_the_model():
    assert list(SENTENCES) == headings("Bed rules")


def test_the_policys_aims_are_those_of_the_model():
    rows = re.findall(r"^\| (\w+?)(?:/k)? \| (?:most|fewest) \|", MODEL, flags=re.M)
    assert rows == list(AIM_CODES)


def test_the_commands_of_the_readme_are_those_of_the_program():
    named = re.findall(r"^\| `allocator (\w+)` \|", README, flags=re.M)
    assert named == list(COMMANDS)
    listed = CliRunner().invoke(app, ["--help"]).output
    assert all(re.search(rf"^│ {name} ", listed, flags=re.M) for name in named)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name):
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert f"allocator {name}" in result.output or f" {name} " in result.output


def test_the_readmes_sizes_are_those_of_the_generator():
    largest = SIZES["L"]
    assert f"{largest.premises} premises" in README
    assert f"{largest.beds:,} beds" in README
    assert f"{largest.referrals:,} referrals" in README


def test_the_readmes_memory_limit_is_the_programs():
    assert f"{Limits().memory_gib:g} GiB unless `--memory-limit`" in README


def values(table, path=""):
    """Every table that holds a value, with where it is."""
    for key, entry in table.items():
        if isinstance(entry, dict):
            yield from (
                [(f"{path}{key}", entry)] if "value" in entry else values(entry, f"{path}{key}.")
            )


@pytest.mark.parametrize("name", POLICIES)
def test_every_value_of_a_policy_has_a_unit_and_a_source(name):
    data = tomllib.loads((ROOT / "allocator" / "policies" / name).read_text(encoding="utf-8"))
    found = dict(values(data))
    assert len(found) > 10
    assert [key for key, entry in found.items() if not entry["unit"] or not entry["source"]] == []
    plain = [data["eligibility"], data["ap_types"], data["aims"], *data["bands"]]
    assert all(table["source"] for table in plain)


@pytest.mark.parametrize("name", POLICIES)
def test_every_packaged_policy_can_be_read_and_is_named_as_its_file(name):
    policy = load_policy(name.removesuffix(".toml"))
    assert f"{policy.name}.toml" == name
    assert str(policy.in_force).startswith(policy.name)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_in_the_list_of_decisions():
    kept = {path.name for path in (DOCS / "decisions").glob("[0-9]*.md")}
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\d{4}[\w-]+\.md)\)", listed)) == kept


def test_the_files_that_adding_a_rule_walks_through_are_there():
    text = (DOCS / "adding-a-rule.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:allocator|tests|docs)/[\w/.-]+)`", text)
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []

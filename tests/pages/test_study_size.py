"""What a study comes to is said before it is started: simulated years, and about how long."""

import pytest

from allocator.scenario.read import look_at
from allocator.scenario.yaml_text import read_yaml
from allocator.simulate.methods import METHODS
from api.pages.study_size import about
from api.service.study_faults import years_by_method, years_of
from api.service.study_time import SECONDS, seconds_of
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_holds_and_studies_pages import WRITE, yaml_of


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def file_of(text):
    return look_at(read_yaml(f"version: 1\n{text}").data, None).file


def test_the_form_says_how_many_years_a_sweep_comes_to_and_how_long(service):
    sweep = {"kind": "open_beds", "open_premises": "S/NE003", "open_beds": "0, 5, 10, 20"}
    said = {**WRITE, **sweep, "years": "10"}
    small = text_of(Browser(service, "planner").post("/capacity/studies/new", said))
    assert "comes to 80 simulated years" in small
    assert "3 scenarios and the base, 2 ways of placing, 10 years each" in small
    national = {**said, "estate": "L", "kind": "", "enough_beds": "2", "years": "300"}
    large = text_of(Browser(service, "planner").post("/capacity/studies/new", national))
    assert "comes to up to 2,700 simulated years" in large and "the base alone" in large
    assert "One study may have 2,000 simulated years" in large


def test_a_study_that_would_be_ended_before_it_is_done_is_told_so_beforehand(service):
    said = {**WRITE, "estate": "L", "years": "100", "method": ["look-ahead"]}
    read = text_of(Browser(service, "planner").post("/capacity/studies/new", said))
    assert "A study is ended after 6 hours. Its years are kept" in read


def test_a_file_with_faults_comes_to_nothing_and_is_not_counted(service):
    fields = {"do": "start", "yaml": "version: 1\nmethods: [by-hand]\n"}
    answer = Browser(service, "planner").post("/capacity/studies/new", fields)
    assert answer.status_code == 422 and 'id="comes-to"' not in answer.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"years": "40", "kind": "demand_factor", "demand": "many"}, 422),
        ({"do": "start", "kind": "demand_factor", "demand": "110"}, 422),
        ({"do": "estate", "estate": "L"}, 200),
    ],
)
def test_no_time_is_told_of_a_file_that_the_form_is_not_written_into(service, fields, status):
    browser = Browser(service, "planner")
    text = yaml_of(browser.post("/capacity/studies/new", WRITE))
    answer = browser.post("/capacity/studies/new", {**WRITE, "yaml": text, **fields})
    assert answer.status_code == status and 'id="comes-to"' not in answer.text
    of_the_file = browser.post(
        "/capacity/studies/new", {"do": "start", "name": "x" * 300, "yaml": text}
    )
    assert of_the_file.status_code == 422 and 'id="comes-to"' in of_the_file.text


def test_questions_are_counted_under_their_own_method():
    file = file_of(
        "methods: [risk-order, commit-by]\nreplications: 3\n"
        "questions: {method: commit-by, best_sites: 4, enough_beds: 2}\n"
    )
    assert years_by_method(file) == {"risk-order": 3, "commit-by": 3 + 3 * (5 + 7)}
    assert years_of(file) == 42


def test_every_way_of_placing_has_a_time_and_more_processes_take_less():
    assert set(SECONDS) == set(METHODS)
    file = file_of("replications: 10\n")
    assert seconds_of(file, 2_000, 2) == seconds_of(file, 2_000, 1) / 2 > seconds_of(file, 200, 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "less than a minute"),
        (100, "a minute or two"),
        (3_700, "about 62 minutes"),
        (21_600, "about 6 hours"),
        (400_000, "about 5 days"),
    ],
)
def test_a_time_is_said_no_finer_than_it_is_known(seconds, words):
    assert about(seconds) == words

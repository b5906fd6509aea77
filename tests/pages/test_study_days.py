"""Days of a scenario outside the simulated years are told at their field, with all else."""

import pytest

from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_holds_and_studies_pages import WRITE, yaml_of

SCHEME = {"kind": "early_release", "release_days": "7", "release_share": "50"}
CLOSE = {"kind": "close", "close_premises": "S/NE003"}


@pytest.fixture
def browser(tmp_path):
    return Browser(a_service(tmp_path), "planner")


def sent(browser, **fields):
    return browser.post("/capacity/studies/new", {**WRITE, **fields})


# Made-up estates begin on 2 November 2026; 91 and 364 days later 31 January 2028 is not counted.
@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        (("2026-10-01", "2027-06-01"), "first", "1 October 2026 is before the first day"),
        (("2027-06-01", "2028-06-01"), "until", "end it on 31 January 2028 or earlier"),
        (("2027-06-01", "2027-06-01"), "until", "must be after its first day"),
        (("2028-06-01", ""), "first", "1 June 2028 is after the last release counted"),
        (("2040-01-01", "2040-06-01"), "first", "is after the last release counted"),
        (("1999-01-01", "1999-06-01"), "until", "is not after the first day"),
    ],
)
def test_a_scheme_outside_the_simulated_days_in_part_is_told_at_its_field(
    browser, days, field, words
):
    answer = sent(browser, **SCHEME, release_first=days[0], release_until=days[1])
    assert answer.status_code == 422 and words in text_of(answer)
    assert f'id="release_{field}-error"' in answer.text


def test_a_scheme_that_ends_with_the_years_is_no_fault_and_lasts_half_a_year_from_its_own_day(
    browser,
):
    whole = sent(browser, **SCHEME, release_first="2026-11-02", release_until="2028-01-31")
    assert whole.status_code == 200
    assert "until: 2027-11-30" in yaml_of(sent(browser, **SCHEME, release_first="2027-06-01"))


def test_a_day_is_told_together_with_whatever_else_is_wrong(browser):
    answer = sent(browser, kind="open_beds", open_beds="none", open_since="2040-01-01")
    assert answer.status_code == 422
    for field in ("open_beds", "open_premises", "open_since"):
        assert f'href="#{field}"' in answer.text
    missing = sent(browser, **CLOSE, close_since="soon")
    assert (
        missing.text.count('href="#close_since"') == 1
        and "before"
        not in text_of(missing).partition("There is a problem")[2].partition("Ask what would be")[0]
    )


def test_scenarios_in_the_file_are_told_when_its_years_become_too_short_for_them(browser):
    text = yaml_of(sent(browser, **CLOSE, close_since="2027-09-01"))
    answer = sent(browser, yaml=text, days="56")
    assert answer.status_code == 422
    assert (
        "In the file, “close Elmsholt House (NE003)”, since: 1 September 2027 is after the last "
        "release" in text_of(answer)
    )
    assert sent(browser, yaml=text, days="364").status_code == 200


def test_a_far_day_is_told_at_a_field_and_what_was_written_is_kept(browser):
    answer = sent(browser, **SCHEME, release_first="9999-12-31", scenario_name="Far")
    assert answer.status_code == 422 and 'value="Far"' in answer.text
    assert 'id="release_until-error"' in answer.text
    hidden = sent(browser, **CLOSE, close_since="2027-09-01", release_first="9999-12-31")
    assert hidden.status_code == 200 and "close Elmsholt House (NE003)" in yaml_of(hidden)


def test_a_file_whose_years_cannot_be_counted_is_told_and_kept(browser):
    text = yaml_of(sent(browser, **CLOSE, close_since="2027-09-01"))
    answer = sent(browser, yaml=text.replace("warm_up_days: 91", "warm_up_days: 99999999"))
    assert answer.status_code == 200 and "warm_up_days: 99999999" in yaml_of(answer)
    start = {"do": "start", "yaml": yaml_of(answer)}
    asked = browser.post("/capacity/studies/new", start)
    assert asked.status_code == 422 and "Must be at most 728, not 99999999" in text_of(asked)

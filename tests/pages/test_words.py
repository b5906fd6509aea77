"""Words of the pages: what a refusal of the service says, as a page says it."""

import re
from pathlib import Path

import pytest

from api.access.permissions import PAGES, PERMISSIONS
from api.pages.looked_words import looked_words as looked
from api.pages.timeline import happened
from api.pages.words import mend, refused, sentence, spaced

RUN = "34bc5cd5-b04e-4958-830a-4ef600f35bc9"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("until must be after 2026-11-02", "Until must be after 2 November 2026"),
        (
            "Ann booked it on 2026-07-02 at 08:05 UTC",
            "Ann booked it on 2 July 2026 at 9:05am",
        ),
        ("due 2026-11-02T12:00:00+00:00", "Due 2 November 2026 at midday"),
        (f"run {RUN} is cancelled", "The plan is cancelled"),
        (f"hold {RUN} is released", "This hold is released"),
        ("say why the hold is passed over (override_hold)", "Say why the hold is passed over"),
        ("bed P1-2026-11-02-B1 is taken", "Bed P1-2026-11-02-B1 is taken"),
        ("bed P1-2026-11-02 is taken", "Bed P1-2026-11-02 is taken"),
        ("there is no day 2026-02-31", "There is no day 2026-02-31"),
        ("there is no referral R1", "There is no referral R1"),
    ],
)
def test_a_refusal_is_said_as_a_page_says_it(detail, said):
    assert refused(detail) == said


def test_a_capital_in_front_loses_none_behind():
    assert sentence("iAP and PIPE of NE003") == "IAP and PIPE of NE003" and sentence("") == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("isStepFreeDesignated", "Is step free designated"),
        ("bed_freed", "Bed freed"),
        ("isIAP", "Is IAP"),
        ("acceptsIAPResidents", "Accepts IAP residents"),
        ("tier_A", "Tier A"),
        ("tier A3 and IAP", "Tier A3 and IAP"),
        ("CRU manager", "CRU manager"),
        ("", ""),
    ],
)
def test_a_code_as_words_keeps_what_is_in_capitals(code, words):
    assert spaced(code) == words


def test_what_was_looked_at_is_a_page_or_was_asked_for_by_a_program():
    assert looked("page_proposal") == "A proposal (page)"
    assert looked("get_referrals") == "A bid (by a program)"


def test_every_page_and_every_route_of_the_api_has_words_in_the_access_log():
    for name in {*PAGES, *PERMISSIONS}:
        told, _, way = looked(name).rpartition(" (")
        assert told[0].isupper() and "_" not in told, name
        assert way == ("page)" if name in PAGES else "by a program)")
    assert looked("list_zones") == "The exclusion zones (by a program)"
    assert looked("page_that_went") == "that went (page)"


def test_what_happened_is_said_in_words_for_every_action_that_the_service_writes():
    written = {
        found
        for path in Path("api").rglob("*.py")
        for found in re.findall(r'record(?:_all)?\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text())
    }
    assert {"hold.yielded", "attempt.failed", "flag.raised"} <= written
    assert {each for each in written if happened(each) == spaced(each.replace(".", " "))} == set()


def test_what_mends_a_file_is_said_without_options_of_the_command_line():
    for told in (
        "correct it, or give a later --as-of",
        "give files of a longer time, or --from and --until",
        "see docs/formats.md",
    ):
        assert mend(told) and "--" not in mend(told) and "docs/" not in mend(told)

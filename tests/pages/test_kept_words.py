"""A form that came too late is shown as the person filled it in: by labels, names and days."""

import re
from pathlib import Path

import pytest

from api.pages import kept_words
from api.pages.kept_words import FORMS, LABELS, label_of
from api.pages.serving import ROUTERS
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of

TEMPLATES = Path(kept_words.__file__).parent / "templates"


def kept(service, path, fields, *roles):
    """What the page of the kept form says of one that came too late."""
    browser = Browser(service, *roles, minutes=5)
    service.moving.put_forward(minutes=6)
    assert browser.post(path, fields).status_code == 401
    return Browser(service, *roles).get("/kept-forms")


def test_a_decision_is_read_as_it_was_made(planned):
    service, run = planned
    fields = {
        "action": "change",
        "bed_id": "A-2",
        "arrival-day": "1",
        "arrival-month": "2",
        "arrival-year": "2027",
        "accept_reason": "",
        "change_reason": "First line.\nSecond line.",
        "keep_out": "1",
        "seen_through": "17",
    }
    page = kept(service, f"/runs/{run}/proposals/R5", fields, "coordinator")
    shown, form = page.text.split("<dl", 1)[1].split("</dl>")[0], page.text
    read = " ".join(re.sub(r"<[^>]*>", " ", shown).split())
    assert "Change: book another bed or other dates" in read
    assert "Bed Alderbeck House, room 2" in read
    assert "Arrival 1 2 2027" in read and "First line." in read
    assert "Do not propose these premises again Yes" in read
    assert "Why it is accepted" not in read, "what was left empty is left out"
    assert "seen" not in read and "17" not in read, "nobody filled that in"
    whole = text_of(page)
    assert "Decide what the plan of" in whole and "for the bid of X000005" in whole
    assert f"/runs/{run}/proposals/R5" not in whole
    assert 'name="seen_through"' in form, "all of it is sent again"


def test_a_correction_of_risk_is_read_in_the_words_of_its_form(tmp_path):
    fields = {"rosh": "as-it-is", "sexual_adult": "not", "arson": "unknown", "hate": "applies"}
    read = text_of(kept(a_service(tmp_path), "/bids/R2/risk", fields, "coordinator"))
    assert "Offence: sexual, against adults Does not apply" in read
    assert "Offence: arson Nobody has answered" in read
    assert "Offence: hate crime Applies" in read and "Risk of serious harm As it is" in read


def test_a_bid_that_one_may_not_see_is_named_by_its_id(tmp_path):
    service = a_service(tmp_path)
    service.client("manager", name="Boss").post(
        "/v1/referrals/R3/restriction", {"visible_to": ["local:Boss"]}
    )
    page = kept(service, "/bids/R3/withdrawal", {"reason": "Gone."}, "coordinator")
    assert "Withdraw bid R3" in text_of(page) and "X000003" not in page.text


def test_nobody_who_sees_people_without_their_crn_is_told_it_by_a_kept_form(tmp_path):
    page = kept(a_service(tmp_path), "/runs", {"referral": "R3"}, "planner")
    assert "bid R3" in text_of(page) and "X000003" not in page.text


def test_a_day_that_is_none_and_an_unknown_field_stay_as_they_were_written(tmp_path):
    fields = {"first_night": "2026-02-31", "until": "2026-11-05", "another_field": "x"}
    page = kept(a_service(tmp_path), "/premises-held/new", fields, "coordinator")
    read = text_of(page)
    assert "First night 2026-02-31" in read and "Until 5 November 2026" in read
    assert "Another field x" in read


def test_every_form_has_words_for_what_it_is():
    paths = [
        re.sub(r"{\w+}", "x", route.path)
        for router in ROUTERS
        for route in router.routes
        if "POST" in route.methods and not route.path.startswith("/sign-")
    ]
    assert len(paths) > 20
    unknown = [
        path for path in paths if not any(re.fullmatch(address, path) for address, _, _ in FORMS)
    ]
    assert unknown == []


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_field_of_a_form_has_its_words(template):
    text = template.read_text(encoding="utf-8")
    names: set[str] = set()
    for form in re.findall(r'<form method="post".*?</form>', text, re.DOTALL):
        names |= set(re.findall(r'\bname="([a-z_-]+)"', form))
        names |= set(re.findall(r'"(?:name|namePrefix)": "([a-z_-]+)"', form))
        names |= set(re.findall(r'\b(?:reason|text|select|date|of_an_estate)\("([a-z_]+)"', form))
    ours = {
        "form_token",
        "form_key",
        "was_kept",
        "packed",
        "taken_out",
        "token",
        "to",
        "day",
        "month",
        "year",
    }
    assert {name for name in names - ours if name not in LABELS} == set()
    assert label_of("cell-7-2") == "Row 7 of the file, a cell that was mended"


def test_a_form_whose_bid_was_changed_since_is_sent_with_a_tick_alone(tmp_path):
    service = a_service(tmp_path)
    late = kept(service, "/bids/R1/withdrawal", {"reason": "Gone."}, "coordinator")
    assert "Since then" not in text_of(late)
    service.moving.put_forward(minutes=1)
    service.run()
    again = Browser(service, "coordinator")
    page = again.get("/kept-forms")
    assert "A bed has been proposed" in text_of(page)
    held = page.text.split('name="was_kept" value="')[1].split('"')[0]
    sent = {"reason": "Gone.", "was_kept": held}
    refused = again.post("/bids/R1/withdrawal", sent)
    assert refused.status_code == 409
    assert 'href="/bids/R1"' in refused.text and 'href="/kept-forms"' in refused.text
    assert again.post("/bids/R1/withdrawal", {**sent, "seen_since": "1"}).status_code == 303


def test_a_decision_that_was_kept_is_told_who_decided_meanwhile(tmp_path):
    service, run = a_planned_service(tmp_path)
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    path = f"/runs/{run}/proposals/{found[0]['referral_id']}"
    kept(service, path, {"action": "refuse", "refuse_reason": "Too near."}, "coordinator")
    service.moving.put_forward(minutes=1)
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post(path, {"action": "accept", "accept_reason": "Agreed."}).status_code == 303
    read = text_of(Browser(service, "coordinator").get("/kept-forms"))
    assert "The proposal was decided: Accepted by Ann on 2 November 2026 at" in read

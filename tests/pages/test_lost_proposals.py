"""Lost proposals: whose bed cannot be had any more has nothing proposed, wherever it is counted."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation
from api.pages import changed_words
from api.pages.words import day
from api.service import estate
from api.service.bid_changes import BidChange
from api.service.referrals import update
from api.store.records import read
from tests.api.filled import a_person, fill
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.builders import a_problem, a_referral, an_estate
from tests.pages.browsing import Browser, text_of

DAY = timedelta(days=1)
GONE = "cannot be had any more"


def taken(service, run):
    """The second person is given the bed of the first."""
    bed = row(service.register, "proposal", f"{run}/ref-1")["bed_id"]
    said = {"action": "change", "bed_id": bed, "confirmed": "1", "change_reason": "Nearer."}
    done = Browser(service, "coordinator", name="Ann").post(f"/runs/{run}/proposals/ref-2", said)
    assert done.status_code == 303


def released_later(service, run):
    """The first person's release moves behind the arrival that is proposed."""
    arrival = row(service.register, "proposal", f"{run}/ref-1")["arrival"]
    with service.register.changing(a_person()) as change:
        value = read(Referral, change.row("referral", "ref-1"))
        later = replace(value, release_date=arrival + 5 * DAY, latest_arrival=arrival + 9 * DAY)
        update(change, "ref-1", later, None)


def ruled_out(service, run):
    """The first person is kept out of the premises that are proposed."""
    with service.register.changing(a_person()) as change:
        crn = change.row("referral", "ref-1")["crn"]
        estate.keep_out(change, ExclusionZone(crn, premises_ids=frozenset({"P1"})))


def kept_apart(service, run):
    """The second person has their bed, and the first must not be where they are."""
    said = {"action": "accept", "accept_reason": "Agreed."}
    done = Browser(service, "coordinator").post(f"/runs/{run}/proposals/ref-2", said)
    assert done.status_code == 303
    with service.register.changing(a_person()) as change:
        crns = [change.row("referral", name)["crn"] for name in ("ref-1", "ref-2")]
        estate.keep_apart(change, Separation(*crns))


SPOILT = [taken, released_later, ruled_out, kept_apart]


@pytest.fixture
def planned(tmp_path):
    asking = [a_referral(f"ref-{n}", crn=f"X00010{n}") for n in (1, 2, 3)]
    service = a_service(tmp_path, a_problem())
    fill(service.register, a_problem(**an_estate({"P1": (1, 1, 1, 1)}), referrals=asking))
    return service, service.run()["id"]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_proposal_that_is_lost_counts_as_nothing_proposed(planned, spoil):
    service, run = planned
    browser = Browser(service, "coordinator")
    assert GONE not in text_of(browser.get("/without-a-bed"))
    spoil(service, run)
    without = sum(each["status"] == "open" for each in rows(service.register, "referral"))
    waiting = sum(each["status"] == "proposed" for each in rows(service.register, "proposal"))
    read_ = text_of(browser.get("/without-a-bed"))
    assert f"{without - waiting + 1} with nothing proposed" in read_
    assert f"{waiting - 1} with a bed proposed, to be decided" in read_
    assert f"The bed that was proposed {GONE}" in read_
    nothing = text_of(browser.get("/without-a-bed?proposed=no"))
    assert "X000101" in nothing and "X000103" not in nothing
    assert "X000101" not in text_of(browser.get("/without-a-bed?proposed=yes"))


@pytest.mark.parametrize("spoil", SPOILT)
def test_the_bid_the_plan_and_its_list_say_that_it_is_lost(planned, spoil):
    service, run = planned
    browser = Browser(service, "coordinator")
    assert "A bed is proposed" in text_of(browser.get("/bids/ref-1"))
    spoil(service, run)
    bid = text_of(browser.get("/bids/ref-1"))
    assert f"The bed that was proposed {GONE}" in bid and "A bed is proposed" not in bid
    assert "It cannot be accepted as things are now" in text_of(
        browser.get(f"/runs/{run}/proposals/ref-1")
    )
    assert "1 cannot be accepted any more" in text_of(browser.get(f"/runs/{run}"))
    listed = browser.get(f"/runs/{run}/proposals")
    assert 'value="ref-1"' not in listed.text and 'value="ref-3"' in listed.text
    assert "X000101" not in text_of(browser.get(f"/runs/{run}/proposals?status=proposed"))
    lost = text_of(browser.get(f"/runs/{run}/proposals?status=lost"))
    assert "X000101" in lost and "X000103" not in lost
    # The next to decide is not one that nobody can accept.
    after = browser.get(f"/runs/{run}/proposals/ref-3").text
    assert f"/runs/{run}/proposals/ref-1" not in after


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_was_decided_tells_it_apart_from_what_is_to_be_decided(planned, spoil):
    service, run = planned
    spoil(service, run)
    browser = Browser(service, "manager")
    waiting = sum(each["status"] == "proposed" for each in rows(service.register, "proposal"))
    figures = browser.get("/oversight/decisions.csv").text.splitlines()
    told = dict(zip(figures[0].split(","), figures[1].split(","), strict=True))
    assert (told["to_decide"], told["lost"]) == (str(waiting - 1), "1")
    assert "status=lost" in browser.get("/oversight/decisions").text
    listed = "/oversight/decisions/listed"
    assert "X000101" not in text_of(browser.get(f"{listed}?status=proposed"))
    lost = text_of(browser.get(f"{listed}?status=lost"))
    assert "X000101 4 " in lost and "X000103" not in lost
    said = [line for line in browser.get(f"{listed}.csv").text.splitlines() if "X000101" in line]
    assert "Cannot be accepted any more" in said[0]


def test_what_was_changed_is_said_with_what_it_was(planned):
    service, run = planned
    release = row(service.register, "referral", "ref-1")["release_date"]
    released_later(service, run)
    now = row(service.register, "referral", "ref-1")["release_date"]
    told = f"Release: {day(release)} before, {day(now)} now"
    browser = Browser(service, "coordinator")
    assert told in text_of(browser.get(f"/runs/{run}/proposals/ref-1"))
    assert told in text_of(browser.get("/bids/ref-1"))
    unknown = BidChange(None, None)
    assert changed_words.told(unknown, {}) == [changed_words.NOT_KEPT]


def test_after_a_refused_acceptance_the_page_leads_to_what_can_be_done(planned):
    service, run = planned
    taken(service, run)
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/ref-1"
    refused = browser.post(path, {"action": "accept", "accept_reason": "Agreed."})
    assert refused.status_code == 409
    for page in (refused, browser.get(path)):
        assert "What you can do now" in text_of(page)
        links = [unescape(each) for each in re.findall(r'href="([^"]*)"', page.text)]
        beds = [each for each in links if each.startswith(f"{path}/beds?")]
        assert [browser.get(each).status_code for each in beds] == [200, 200]
        assert f"/runs/{run}/proposals" in links and "/runs#ask" in links and "#change" in links
    assert "What you can do now" not in text_of(browser.get(f"/runs/{run}/proposals/ref-3"))


def test_other_beds_are_looked_for_from_the_day_on_which_the_stay_can_begin(planned):
    service, run = planned
    released_later(service, run)
    release = row(service.register, "referral", "ref-1")["release_date"]
    page = Browser(service, "coordinator").get(f"/runs/{run}/proposals/ref-1")
    assert f"/ref-1/beds?arrival={release}&" in unescape(page.text)


def test_a_change_that_can_be_answered_is_not_told_as_the_end_of_a_proposal(planned):
    service, run = planned
    with service.register.changing(a_person()) as change:
        value = read(Referral, change.row("referral", "ref-3"))
        update(change, "ref-3", replace(value, aimed_radius_miles=30), None)
    page = Browser(service, "coordinator").post(
        f"/runs/{run}/proposals/ref-3", {"action": "accept", "accept_reason": "Agreed."}
    )
    assert page.status_code == 409 and "What you can do now" not in text_of(page)


@pytest.mark.parametrize(("named", "confirmed"), [("P1-R9-B9", ""), ("", ""), ("", "1")])
def test_a_change_that_cannot_be_made_says_nothing_against_the_proposal(planned, named, confirmed):
    service, run = planned
    taken(service, run)
    bed = row(service.register, "proposal", f"{run}/ref-1")["bed_id"]
    said = {
        "action": "change",
        "bed_id": named or bed,
        "change_reason": "Nearer.",
        "confirmed": confirmed,
    }
    page = Browser(service, "coordinator").post(f"/runs/{run}/proposals/ref-3", said)
    assert page.status_code == (422 if named else 409)
    assert "There is a problem" in text_of(page) and "The bed can be had still" in text_of(page)
    assert "What you can do now" not in text_of(page)


def test_what_holds_now_and_what_the_plan_knew_are_told_apart(planned):
    service, run = planned
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/ref-1"
    now, then = text_of(browser.get(path)).split("What was proposed")
    assert "On 2 November 2026 at" in now and "Neither the bid nor the bed" in now
    assert "As it was in the plan of 2 November 2026 at" in then
    before = row(service.register, "referral", "ref-1")["release_date"]
    released_later(service, run)
    after = row(service.register, "referral", "ref-1")["release_date"]
    now, then = text_of(browser.get(path)).split("What was proposed")
    assert f"Release {day(after)}" in now and "Neither the bid" not in now
    assert f"Release {day(before)}" in then.split("Decide")[0] and "days before" not in then
    assert day(after) not in then.split("Choose from the beds")[0]


def test_readers_to_whom_people_are_pseudonyms_are_not_told_what_of_a_bid_was_changed(planned):
    service, run = planned
    released_later(service, run)
    now = row(service.register, "referral", "ref-1")["release_date"]
    coordinator = text_of(Browser(service, "coordinator").get(f"/runs/{run}/proposals/ref-1"))
    assert f"{day(now)} now" in coordinator
    planner = Browser(service, "planner")
    page = planner.get(f"/runs/{run}/proposals/ref-1")
    assert page.status_code == 200
    assert "What is known of the person, or what is asked for, was changed" in text_of(page)
    assert f"{day(now)} now" not in text_of(page)
    assert planner.get("/bids/ref-1").status_code == 403
    auditor = Browser(service, "auditor")
    assert auditor.get("/bids/ref-1").status_code == 403
    read = text_of(auditor.get("/audit/timeline"))
    assert "What is known of the bid was changed" in read and day(now) not in read


def test_the_brief_asks_nobody_to_decide_on_a_bed_that_cannot_be_had(planned):
    service, run = planned
    browser = Browser(service, "coordinator")
    assert ": decide by" in text_of(browser.get("/bids/ref-1/brief"))
    taken(service, run)
    read = text_of(browser.get("/bids/ref-1/brief"))
    assert ": cannot be had any more" in read and ": decide by" not in read

"""Proposals at the pages: accepted, changed, several at once, and what stands in their way."""

import re
from datetime import timedelta

import pytest

from allocator.nights import Stay
from api.service.holds import Wanted, make
from tests.api.filled import a_person
from tests.api.registers import row
from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def decided(tmp_path):
    return a_planned_service(tmp_path)


def test_a_proposal_is_accepted_once_with_a_name(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R1"
    assert browser.post(path, {"action": "accept", "accept_reason": "Agreed."}).status_code == 303
    read = text_of(browser.get(path))
    assert "Accepted by A Tester" in read and "What do you decide" not in read
    again = browser.post(path, {"action": "refuse", "refuse_reason": "No."})
    assert again.status_code == 409 and "this proposal is accepted" in text_of(again).lower()


def test_what_was_accepted_leads_to_its_booking_and_so_does_the_choice_of_another_bed(decided):
    service, run = decided
    browser = Browser(service, "coordinator", "manager", name="Ann")
    path = f"/runs/{run}/proposals/R1"
    browser.post(path, {"action": "accept", "accept_reason": "Agreed."})
    to_the_booking = f'href="/bookings/{row(service.register, "referral", "R1")["booking_id"]}"'
    accepted = browser.get(path)
    assert "Accepted. The bed is booked." in text_of(accepted)
    assert accepted.text.count(to_the_booking) == 1
    beds = browser.get(f"{path}/beds")
    assert beds.status_code == 409 and "This proposal has been decided" in text_of(beds)
    for link in (to_the_booking, f'href="{path}"', 'href="/bids/R1"'):
        assert link in beds.text
    second = browser.post(path, {"action": "accept", "accept_reason": "Agreed."})
    assert second.status_code == 409 and second.text.count(to_the_booking) == 1
    refused = f"/runs/{run}/proposals/R4"
    browser.post(refused, {"action": "refuse", "refuse_reason": "No."})
    beds = browser.get(f"{refused}/beds")
    assert 'href="/bids/R4"' in beds.text and 'href="/bookings/' not in beds.text


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "Choose whether to accept"),
        ({"action": "refuse"}, "Say why you refuse it"),
        ({"action": "change", "change_reason": "x"}, "Name another bed"),
        (
            {"action": "change", "change_reason": "x", "arrival-day": "31", "arrival-month": "2"},
            "must be a real date",
        ),
        ({"action": "change", "change_reason": "x", "bed_id": "Nowhere"}, "There is no bed"),
    ],
)
def test_a_decision_that_says_too_little_is_asked_for_again(decided, said, wrong):
    service, run = decided
    answer = Browser(service, "coordinator").post(f"/runs/{run}/proposals/R1", said)
    assert answer.status_code == 422
    assert wrong in text_of(answer)


def test_a_change_is_told_what_it_costs_before_it_is_booked(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R4"
    with service.register.reading() as connection:
        proposal = service.register.change(connection, None).row("proposal", f"{run}/R4")
    later = proposal["arrival"].replace(day=proposal["arrival"].day + 1)
    said = {
        "action": "change",
        "change_reason": "The premises asked.",
        "arrival-day": later.day,
        "arrival-month": later.month,
        "arrival-year": later.year,
    }
    asked = browser.post(path, said)
    assert asked.status_code == 200 and "1 day later than proposed" in text_of(asked)
    assert "To decide" in text_of(browser.get(path)), "nothing is booked yet"
    done = browser.post(path, {**said, "confirmed": "1"})
    assert done.status_code == 303, text_of(done)
    assert "Changed by A Tester" in text_of(browser.get(path))


def test_what_changed_since_the_plan_is_shown_before_booking(decided):
    service, run = decided
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R1").json()
    ann.put("/v1/referrals/R1", {**bid["details"], "nights": 60}, bid["version"])
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R1"
    page = browser.get(path)
    assert "Changed since the plan was made" in text_of(page)
    unseen = browser.post(path, {"action": "accept", "accept_reason": "Agreed."})
    assert unseen.status_code == 409 and "have changed since" in text_of(unseen)
    seen = page.text.split('name="seen_through" value="')[1].split('"')[0]
    sent = {"action": "accept", "accept_reason": "Agreed.", "seen_through": seen}
    assert browser.post(path, sent).status_code == 303


def test_a_hold_in_the_way_is_passed_over_with_a_reason_or_another_bed_is_named(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R4"
    with service.register.changing(a_person()) as change:
        proposal = change.row("proposal", f"{run}/R4")
        nights = Stay(proposal["arrival"], proposal["departure"])
        until = change.today + timedelta(days=9)
        wanted = Wanted(proposal["bed_id"], nights, 1, until, "For band 1.")
        hold = make(change, wanted)
    asked_for = browser.get(path).text
    before, after = asked_for.split('id="change"')
    assert 'name="accept_over"' in before, "where it is accepted, before it is refused"
    assert "_over" not in after
    said = {"action": "accept", "accept_reason": "Agreed."}
    refused = browser.post(path, said)
    read = text_of(refused)
    assert refused.status_code == 409 and "is held for band 1" in read
    assert "Why the hold is passed over" in read and "override_hold)" not in read
    assert 'name="accept_over"' in refused.text and 'href="#accept_over"' in refused.text
    if "The next best that is free now" in read:
        assert proposal["bed_id"] not in read.split("that is free now:")[1].split("away")[0]
    several = {"referral": ["R4"], "unopened": ["R4"], "reason": "Agreed."}
    assert "is held for band 1" in text_of(browser.post(f"/runs/{run}/proposals/accepted", several))
    done = browser.post(path, {**said, "accept_over": "Nobody of band 1 is expected."})
    assert done.status_code == 303, text_of(done)
    assert row(service.register, "hold", hold["id"])["status"] == "overridden"
    told = "Why a hold was passed over Nobody of band 1 is expected."
    assert told in text_of(browser.get(path))
    assert told.replace("over N", "over: N") in text_of(browser.get("/bids/R4"))
    assert "Nobody of band 1" not in Browser(service, "planner").get(path).text


def test_several_are_accepted_only_when_each_was_opened_or_named(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    both = {"referral": ["R1", "R2"], "reason": "Agreed with all."}
    assert browser.post(f"/runs/{run}/proposals/chosen").status_code == 422
    assert "Accept X000001 without opening it" in text_of(
        browser.post(f"/runs/{run}/proposals/chosen", both)
    )
    refused = browser.post(f"/runs/{run}/proposals/accepted", both)
    assert refused.status_code == 422 and "Open the proposal for X000001, or tick" in (
        text_of(refused)
    )
    browser.get(f"/runs/{run}/proposals/R1")
    named = browser.post(f"/runs/{run}/proposals/accepted", {**both, "unopened": ["R2"]})
    assert named.status_code == 303, text_of(named)
    assert "2 proposals accepted" in text_of(browser.get(named.headers["location"]))
    read = text_of(browser.get(f"/runs/{run}/proposals?status=accepted"))
    assert "X000001" in read and "X000002" in read
    said = "Accepted without having been opened"
    told = {bid: said in text_of(browser.get(f"/bids/{bid}")) for bid in ("R1", "R2")}
    assert told == {"R1": False, "R2": True}, "the timeline keeps what was ticked"


def test_several_are_accepted_with_what_changed_shown_and_nothing_that_changes_after(decided):
    service, run = decided
    ann = service.client("coordinator", "administrator", name="Ann")

    def changed(name, nights):
        bid = ann.get(f"/v1/referrals/{name}").json()
        now = {**bid["details"], "nights": nights}
        answer = ann.put(f"/v1/referrals/{name}", now, bid["version"])
        assert answer.is_success

    changed("R1", 60)
    browser = Browser(service, "coordinator")
    both = {"referral": ["R1", "R2"], "unopened": ["R1", "R2"], "reason": "Agreed with all."}
    page = browser.post(f"/runs/{run}/proposals/chosen", both)
    assert text_of(page).count("Changed since the plan was made") == 1
    seen = page.text.split('name="seen_through" value="')[1].split('"')[0]
    changed("R2", 61)
    answer = browser.post(f"/runs/{run}/proposals/accepted", {**both, "seen_through": seen})
    read = text_of(answer)
    assert answer.status_code == 409 and "1 of 2 proposals accepted" in read
    refused, booked = read.split("1 bed is booked")
    assert "X000001" in booked and "X000001" not in refused, "told apart"
    assert "X000002" in refused and "X000002" not in booked
    assert re.search(
        r"asked for, was changed, by Ann on .*Length of stay: \d+ nights before", refused
    )
    assert "61 nights now" in refused and "60 nights now" not in refused
    assert "Look at the proposal, and accept it" in refused and "Facts behind" not in refused
    assert f'href="/runs/{run}/proposals/R2/beds"' in answer.text


def test_proposals_that_were_decided_meanwhile_are_left_out_with_who_has_which_bed(decided):
    service, run = decided
    bob, browser = (Browser(service, "coordinator", name=name) for name in ("Bob", "Ann"))
    here, both = f"/runs/{run}/proposals", {"referral": ["R1", "R2"], "unopened": ["R1", "R2"]}
    one = {"referral": ["R1"], "unopened": ["R1"], "reason": "Agreed."}
    assert bob.post(f"{here}/accepted", one).status_code == 303
    page = browser.post(f"{here}/chosen", both)
    read = text_of(page)
    assert "Accept 1 proposal?" in read and "1 proposal that you chose has been decided" in read
    who = re.search(r"Accepted by Bob on [^.]*[0-9][ap]m\. The person has .*?, bed \d\.", read)
    assert who and "Accept X000001" not in read and "Accept X000002" in read
    assert 'name="referral" value="R1"' not in page.text
    answer = browser.post(f"{here}/accepted", {**both, "reason": "Agreed."})
    assert answer.status_code == 409 and who[0] in text_of(answer)
    assert "is accepted" not in text_of(answer)
    none = browser.post(f"{here}/chosen", both)
    assert "Nothing is to be decided" in text_of(none) and "/accepted" not in none.text

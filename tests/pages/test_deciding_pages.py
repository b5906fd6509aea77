"""Deciding: what speaks against a change before it is booked, another bed, and what was refused."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from allocator.nights import Stay
from allocator.vocabulary import Offence
from api.pages.words import plainly
from api.service.bed_names import place_in
from api.service.decisions import Action, Decision, decide, foreseen
from api.service.holds import Wanted, make
from api.service.refusals import Refusal
from tests.api.filled import a_person
from tests.api.registers import row, rows, tiny
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of

WHY = "A victim works next door."


@pytest.fixture
def decided(tmp_path):
    return a_planned_service(tmp_path)


def proposal_of(service, run, referral):
    return row(service.register, "proposal", f"{run}/{referral}")


def held(service, bed_id, stay, lowest_band=1):
    with service.register.changing(a_person()) as change:
        until = change.today + timedelta(days=9)
        return make(change, Wanted(bed_id, stay, lowest_band, until, "For band 1."))


def changing(**said):
    return {"action": "change", "change_reason": "Nearer to family.", **said}


def days(name, value):
    parts = {"day": value.day, "month": value.month, "year": value.year}
    return {f"{name}-{part}": str(number) for part, number in parts.items()}


# ---- before a change is booked ---------------------------------------------------------------


def test_all_that_a_change_would_be_refused_for_is_told_at_once_and_the_form_is_kept(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R3"
    assert browser.get(path).status_code == 404, "the plan has no bed for R3"
    path = f"/runs/{run}/proposals/R4"
    before = proposal_of(service, run, "R4")
    said = changing(bed_id="A-2", **days("arrival", before["arrival"] - timedelta(days=20)))
    page = browser.post(path, said)
    read = text_of(page).split("Proposal for")[0]
    assert page.status_code in (409, 422)
    assert "is before today, 2 November 2026" in read or "is before the release" in read
    assert "exclusion zone" in read, "both are told"
    assert not re.search(r"\d{4}-\d\d-\d\d|\bR4\b", read), "in words, and by no id"
    assert 'value="A-2"' in page.text and "Nearer to family." in page.text
    assert proposal_of(service, run, "R4")["status"] == "proposed"


def test_a_confirmed_change_to_a_bed_that_is_gone_says_so_on_the_proposal(decided):
    service, run = decided
    path = f"/runs/{run}/proposals/R5"
    before = proposal_of(service, run, "R5")["status"]
    said = {**changing(bed_id="no-such-bed"), "confirmed": "1"}
    page = Browser(service, "coordinator").post(path, said)
    assert page.status_code == 409
    assert "The bed is not in the register any more" in text_of(page)
    assert "Nearer to family." in page.text, "what was written is kept"
    assert proposal_of(service, run, "R5")["status"] == before == "proposed"


def test_a_bed_that_is_taken_is_named_as_pages_name_it_before_anything_is_confirmed(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    browser.post(f"/runs/{run}/proposals/R4", {"action": "accept", "accept_reason": "Agreed."})
    theirs, mine = (proposal_of(service, run, name) for name in ("R4", "R5"))
    path = f"/runs/{run}/proposals/R5"
    page = browser.post(path, changing(bed_id=theirs["bed_id"], **days("arrival", mine["arrival"])))
    read = text_of(page).split("Proposal for")[0]
    assert page.status_code == 409 and "is taken from" in read and "room 2, bed 1 is" in read
    assert "Check the change" not in read and theirs["bed_id"] not in read


class UndoneError(Exception):
    """Nothing of what was tried is to stay."""


def refused_as(service, run, referral, decision):
    """The code under which the decision is refused when it is really made, or None."""
    try:
        with service.register.changing(a_person()) as change:
            decide(change, run, referral, decision)
            raise UndoneError
    except UndoneError:
        return None
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize("over", ["", "Agreed with Ann."])
def test_what_is_refused_is_what_was_foreseen(decided, over):
    service, run = decided
    booked = proposal_of(service, run, "R1")
    Browser(service, "coordinator").post(
        f"/runs/{run}/proposals/R1", {"action": "accept", "accept_reason": "Agreed."}
    )
    held(service, "B-2", Stay(booked["departure"], booked["departure"] + timedelta(days=99)))
    codes = set()
    for referral in ("R4", "R5"):
        proposal = proposal_of(service, run, referral)
        for bed in ("A-1", "A-2", "B-1", "B-2"):
            for arrival in (-60, 0, 20):
                day = proposal["arrival"] + timedelta(days=arrival)
                decision = Decision(Action.CHANGE, "x", bed, day, override_hold=over)
                with service.register.reading() as connection:
                    change = service.register.change(connection, a_person())
                    told = foreseen(change, run, referral, decision).objections
                code = refused_as(service, run, referral, decision)
                assert code == (told[0].code if told else None), (referral, bed, day)
                codes.add(code)
    assert {None, "unlawful", "bed-taken", "before-release"} <= codes
    assert ("held" in codes) == (not over)


def test_a_bed_proposed_to_somebody_else_is_said_unless_they_are_restricted(decided):
    service, run = decided
    theirs = proposal_of(service, run, "R4")
    said = changing(bed_id=theirs["bed_id"])
    ann = Browser(service, "coordinator", name="Ann")
    read = text_of(ann.post(f"/runs/{run}/proposals/R5", said))
    assert "Check the change" in read
    assert re.search(r"X000004 , from .* this bed is proposed to them", read)
    assert "that proposal cannot be accepted any more" in read
    boss = service.client("manager", name="Boss")
    boss.post("/v1/referrals/R4/restriction", {"visible_to": ["local:Boss"]})
    page = ann.post(f"/runs/{run}/proposals/R5", said)
    assert page.status_code == 200 and "proposed to" not in text_of(page)
    assert "X000004" not in page.text and "R4" not in page.text


def test_a_hold_in_the_way_is_told_on_the_proposal_and_before_a_change_is_confirmed(decided):
    service, run = decided
    proposal = proposal_of(service, run, "R4")
    hold = held(service, proposal["bed_id"], Stay(proposal["arrival"], proposal["departure"]))
    browser = Browser(service, "coordinator")
    page = browser.get(f"/runs/{run}/proposals/R4")
    assert "is held back for band 1 until" in text_of(page)
    assert f'href="/premises-held/{hold["id"]}"' in page.text
    mine = proposal_of(service, run, "R5")
    said = changing(bed_id=proposal["bed_id"])
    assert mine["bed_id"] != proposal["bed_id"]
    asked = browser.post(f"/runs/{run}/proposals/R5", said)
    assert asked.status_code == 409 and 'href="#change_over"' in asked.text
    over = browser.post(f"/runs/{run}/proposals/R5", {**said, "change_over": "Agreed with Ann."})
    assert over.status_code == 200 and "Agreed with Ann." in text_of(over)


# ---- another bed -----------------------------------------------------------------------------


def test_another_bed_is_chosen_by_premises_then_bed_and_put_into_the_form(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    here = f"/runs/{run}/proposals/R5"
    sites = browser.get(f"{here}/beds")
    assert sites.status_code == 200 and "Premises with lawful beds" in text_of(sites)
    names = [each["name"] for each in rows(service.register, "premises")]
    assert all(name in text_of(sites) for name in names), "all four beds are lawful for R5"
    beds = browser.get(f"{here}/beds?premises=A&arrival=2027-02-01&departure=2027-04-26")
    values = re.findall(r'name="bed" value="([^"]*)"', beds.text)
    assert values == ["A-1", "A-2"]
    back = browser.get(f"{here}?bed=A-2&arrival=2027-02-01&departure=2027-04-26")
    assert 'value="A-2"' in back.text and re.search(r'id="change"[^>]* checked', back.text)
    assert re.search(r'name="arrival-month"[^>]*value="2"', back.text)
    assert "X00000" not in " ".join(re.findall(r'href="([^"]*)"', sites.text + beds.text))


def test_only_lawful_premises_are_offered_and_none_of_a_restricted_case(decided):
    service, run = decided
    browser = Browser(service, "coordinator", name="Ann")
    page = browser.get(f"/runs/{run}/proposals/R4/beds")
    assert "premises=B" in page.text and "premises=A" not in page.text, "R4 must not live at A"
    assert "they are ruled out for this person" in text_of(page)
    assert "No bed here is lawful" in text_of(
        browser.get(f"/runs/{run}/proposals/R4/beds?premises=A")
    )
    boss = service.client("manager", name="Boss")
    boss.post("/v1/referrals/R4/restriction", {"visible_to": ["local:Boss"]})
    assert browser.get(f"/runs/{run}/proposals/R4/beds").status_code == 404
    assert Browser(service, "planner").get(f"/runs/{run}/proposals/R5/beds").status_code == 403


@pytest.mark.parametrize("asked", ["arrival=x", "arrival=2027-02-01&departure=2027-01-01"])
def test_days_that_are_no_stay_are_refused_in_words(decided, asked):
    service, run = decided
    page = Browser(service, "coordinator").get(f"/runs/{run}/proposals/R5/beds?{asked}")
    assert page.status_code == 422 and "There is a problem" in text_of(page)


# ---- refused before --------------------------------------------------------------------------


def refuse(browser, run, referral, **more):
    said = {"action": "refuse", "refuse_reason": WHY, **more}
    return browser.post(f"/runs/{run}/proposals/{referral}", said)


def test_what_was_refused_before_is_said_wherever_it_is_proposed_again(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    assert refuse(browser, run, "R1").status_code == 303
    again = service.run()["id"]
    told = f"refused on 2 November 2026 by A Tester : {WHY}"
    page = text_of(browser.get(f"/runs/{again}/proposals/R1"))
    assert "This bed was refused for this person before" in page and WHY in page
    listed = text_of(browser.get(f"/runs/{again}/proposals"))
    assert told in listed, listed
    assert f"refused on 2 November 2026 by A Tester : {WHY}" in text_of(browser.get("/bids/R1"))
    planner = Browser(service, "planner")
    for path in (f"/runs/{again}/proposals/R1", f"/runs/{again}/proposals"):
        assert WHY not in planner.get(path).text, "free text may name the person"


def test_premises_are_ruled_out_with_a_refusal_shown_on_the_bid_and_lifted_there(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    there = proposal_of(service, run, "R5")["premises_id"]
    name = row(service.register, "premises", there)["name"]
    form = browser.get(f"/runs/{run}/proposals/R5")
    assert f"Do not propose {name} to this person again" in text_of(form)
    done = refuse(browser, run, "R5", keep_out="1")
    assert "will not be proposed to this person again" in text_of(
        browser.get(done.headers["location"])
    )
    page = browser.get("/bids/R5")
    read = text_of(page)
    assert "Premises ruled out for this person" in read and f"{name} . By A Tester on" in read
    assert read.count(WHY) >= 2 and "Premises were ruled out for the person" in read
    again = proposal_of_any(service, service.run()["id"], "R5")
    assert again is None or again["premises_id"] != there
    zone = page.text.split('name="zone" value="')[1].split('"')[0]
    version = page.text.split('name="version" value="')[1].split('"')[0]
    sent = {"zone": zone, "version": version}
    assert browser.post("/bids/R5/ruled-out", sent).status_code == 422, "a reason is needed"
    sent["lift_reason"] = "The victim has moved."
    other = browser.post("/bids/R4/ruled-out", sent)
    assert other.status_code == 409, "not through somebody else's bid"
    assert browser.post("/bids/R5/ruled-out", sent).status_code == 303
    read = text_of(browser.get("/bids/R5"))
    assert "Premises ruled out for this person" not in read and "The victim has moved." in read


def proposal_of_any(service, run, referral):
    found = [each for each in rows(service.register, "proposal") if each["run_id"] == run]
    return next((each for each in found if each["referral_id"] == referral), None)


# ---- the bid ---------------------------------------------------------------------------------


def test_a_hold_that_keeps_somebody_from_a_bed_is_on_their_page(tmp_path):
    service = a_service(tmp_path)
    bid = row(service.register, "referral", "R3")
    stay = Stay.of(bid["release_date"], 84)
    hold = held(service, "A-2", stay)
    page = Browser(service, "coordinator").get("/bids/R3")
    assert "1 bed would be lawful for this person and free for a whole stay" in text_of(page)
    assert f'href="/premises-held/{hold["id"]}"' in page.text
    assert "Held back" not in text_of(Browser(service, "coordinator").get("/bids/R4"))


def test_the_case_tells_offences_restrictions_zones_and_licence(tmp_path):
    problem = tiny()
    first = replace(problem.referrals[0], preferred_premises=("B",), outcode="SE5")
    service = a_service(tmp_path, replace(problem, referrals=(first, *problem.referrals[1:])))
    read = text_of(Browser(service, "coordinator").get("/bids/R1"))
    assert "Sexual, against adults" in read and "Licence ends" in read
    assert "Local restrictions that apply" in read and "SE5, London" in read
    assert row(service.register, "premises", "B")["name"] in read
    assert "Premises ruled out" in text_of(Browser(service, "coordinator").get("/bids/R4"))
    brief = text_of(Browser(service, "coordinator").get("/bids/R1/brief"))
    assert "SE5, London" in brief


def test_offences_of_which_nobody_has_answered_are_never_told_as_none(tmp_path):
    problem = tiny()
    nobody, none = (
        replace(each, offences=frozenset(), offences_unknown=unknown)
        for each, unknown in zip(
            problem.referrals, (frozenset({Offence.ARSON}), frozenset()), strict=False
        )
    )
    service = a_service(tmp_path, replace(problem, referrals=(nobody, none)))
    browser = Browser(service, "coordinator")
    read = text_of(browser.get(f"/bids/{nobody.id}"))
    assert "Offences Not known whether any applies Arson: nobody has answered" in read
    brief = text_of(browser.get(f"/bids/{nobody.id}/brief"))
    assert "Offences Not known whether any applies. Nobody has answered for: arson" in brief
    assert "None of those that premises ask about" not in read
    assert "None of those that premises ask about" in text_of(browser.get(f"/bids/{none.id}"))


def test_decisions_come_first_and_what_followed_by_itself_is_folded(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    refuse(browser, run, "R1")
    page = browser.get("/bids/R1").text
    shown, folded = page.split("What followed by itself")
    assert "A proposal was refused" in shown and f"Reason: {WHY}" in shown
    assert "A bed was proposed" not in shown and "A bed was proposed" in folded


def test_whoever_has_a_booking_is_not_among_those_that_nobody_has(decided):
    service, run = decided
    boss = Browser(service, "manager", "coordinator")
    assert "X000001" in text_of(boss.get("/oversight/unowned"))
    boss.post(f"/runs/{run}/proposals/R1", {"action": "accept", "accept_reason": "Agreed."})
    assert "X000001" not in text_of(boss.get("/oversight/unowned"))


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "bed", "told"),
    [
        ("01", "01 - 2", "room 01, bed 2"),
        ("Room 4", "Bed 1", "Room 4, Bed 1"),
        ("4", "4", "room 4, bed 4"),
        ("", "A", "bed A"),
        ("1", "12", "room 1, bed 12"),
        ("1", "11", "room 1, bed 11"),
        ("1", "1/2", "room 1, bed 2"),
        ("A", "Annexe", "room A, bed Annexe"),
    ],
)
def test_a_bed_has_one_name(room, bed, told):
    assert place_in(room, bed) == told


def test_days_and_moments_in_refusals_are_as_gov_uk_writes_them():
    text = "taken from 2026-11-09 to 2027-02-01: Ann booked it on 2026-07-03 at 15:30 UTC"
    assert plainly(text) == (
        "taken from 9 November 2026 to 1 February 2027: Ann booked it on 3 July 2026 at 4:30pm"
    )


# ---- an arrival that is too late by now ------------------------------------------------------


def test_an_arrival_after_the_latest_now_asked_for_is_told_and_needs_a_reason(decided):
    service, run = decided
    arrival = proposal_of(service, run, "R1")["arrival"]
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R1").json()
    earlier = {
        "release_date": (arrival - timedelta(days=6)).isoformat(),
        "latest_arrival": (arrival - timedelta(days=2)).isoformat(),
    }
    assert ann.put("/v1/referrals/R1", {**bid["details"], **earlier}, bid["version"]).is_success
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R1"
    page = browser.get(path)
    told = "The arrival is 6 nights after the release, and 2 days after the latest arrival now"
    assert told in text_of(page)
    several = browser.post(f"/runs/{run}/proposals/chosen", {"referral": ["R1"]})
    assert "2 days after the latest arrival now asked for" in text_of(several)
    seen = page.text.split('name="seen_through" value="')[1].split('"')[0]
    said = {"action": "accept", "seen_through": seen}
    late = browser.post(path, said)
    assert late.status_code == 422 and "booking it needs a reason" in text_of(late)
    assert proposal_of(service, run, "R1")["status"] == "proposed"
    assert browser.post(path, {**said, "accept_reason": "No bed is nearer."}).status_code == 303
    assert proposal_of(service, run, "R1")["reason"] == "No bed is nearer."


def test_a_change_to_a_day_after_the_latest_arrival_is_told_before_it_is_booked(decided):
    service, run = decided
    path = f"/runs/{run}/proposals/R4"
    browser = Browser(service, "coordinator")
    assert "Latest arrival 16 November 2026" in text_of(browser.get(path))
    days = {"arrival-day": "20", "arrival-month": "11", "arrival-year": "2026"}
    read = text_of(browser.post(path, changing(**days)))
    told = "The arrival is 4 days after the latest arrival now asked for, 16 November 2026"
    assert "Check the change" in read and told in read
    in_time = {"departure-day": "1", "departure-month": "2", "departure-year": "2027"}
    read = text_of(browser.post(path, changing(**in_time)))
    assert "Check the change" in read and "after the latest arrival" not in read

"""Needed beds: what looks empty and is not, what came of a proposal, and the way through a list."""

import re
from datetime import timedelta

import pytest

from api.service.decisions import seats_of
from api.service.holds import Wanted, make
from tests.api.filled import a_person, fill
from tests.api.registers import row, rows
from tests.api.service import a_planned_service, a_service
from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate
from tests.pages.browsing import Browser, text_of

DAY = timedelta(days=1)
WHY = {"change_reason": "Nearer to family."}


def the_problem(bids=2, sites=1):
    """Premises with a booking whose bed nobody has named, and people who ask for one."""
    stays = a_booking("kept", bed_id=None, premises_id="P1", stay=a_stay(0, 80))
    asking = [a_referral(f"ref-{n}", crn=f"X00010{n}") for n in range(1, bids + 1)]
    estate = an_estate({f"P{n}": (1, 1, 1, 1) for n in range(1, sites + 1)})
    return a_problem(**estate, bookings=[stays], referrals=asking)


@pytest.fixture
def planned(tmp_path):
    """A plan that makes room for the first bid by moving the booking; and the bed it moves to."""
    problem = the_problem()
    service = a_service(tmp_path, problem.with_bookings(()))
    fill(service.register, problem, {"kept": "P1-R4-B1"})
    run = service.run()["id"]
    with service.register.changing(a_person()) as change:
        seat = seats_of(change, change.row("run", run))["kept"]
        proposed = change.row("proposal", f"{run}/ref-1")["bed_id"]
        kept = change.row("booking", "kept")
        # Since the plan was made, a later import has found them this bed.
        change.record("booking.reseated", "booking", {**kept, "bed_id": proposed})
    return service, run, seat


def day_fields(name, value):
    parts = {"day": value.day, "month": value.month, "year": value.year}
    return {f"{name}-{part}": str(number) for part, number in parts.items()}


def test_a_bed_that_is_needed_to_make_room_is_said_to_be_by_whom_and_who_would_lose(planned):
    service, run, seat = planned
    browser = Browser(service, "coordinator")
    here = f"/runs/{run}/proposals/ref-2"
    beds = text_of(browser.get(f"{here}/beds?premises=P1"))
    assert "Needed by the latest plan: to make room for X000101 (band" in beds
    check = browser.post(here, {"action": "change", "bed_id": seat, **WHY})
    read = text_of(check)
    assert check.status_code == 200 and "Who would lose the bed that the plan has for them" in read
    assert re.search(r"X000101 , from .* needs this one to make room", read)


def test_whoever_lost_a_bed_is_told_what_happened_before_and_after_they_try(planned):
    service, run, seat = planned
    ann, ben = Browser(service, "coordinator", name="Ann"), Browser(service, "coordinator")
    said = {"action": "change", "bed_id": seat, "confirmed": "1", **WHY}
    assert ann.post(f"/runs/{run}/proposals/ref-2", said).status_code == 303
    path = f"/runs/{run}/proposals/ref-1"
    told = "Ann booked it on 2 November 2026"
    before = text_of(ben.get(path))
    assert "It cannot be accepted as things are now" in before and told in before
    after = ben.post(path, {"action": "accept", "accept_reason": "Agreed."})
    assert after.status_code == 409 and told in text_of(after)
    assert f"needs for that Premises P1, Room {seat[:-3]}, Bed {seat} which is taken" in text_of(
        after
    )
    premises = text_of(ben.get("/premises/P1"))
    assert "1 proposal in these weeks cannot be accepted" in premises


def test_a_day_names_who_may_not_have_the_bed_any_more_and_whose_nobody_named(planned):
    service, run, seat = planned
    proposal = row(service.register, "proposal", f"{run}/ref-1")
    browser = Browser(service, "coordinator")
    day = f"/premises-day/P1?day={proposal['arrival']}"
    assert "Nobody has named the bed" in text_of(browser.get(day))
    said = {"action": "change", "bed_id": seat, "confirmed": "1", **WHY}
    browser.post(f"/runs/{run}/proposals/ref-2", said)
    assert "this cannot be accepted" in text_of(browser.get(day))


def test_after_a_change_what_was_proposed_and_what_was_booked_stand_side_by_side(planned):
    service, run, _ = planned
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/ref-2"
    proposal = row(service.register, "proposal", f"{run}/ref-2")
    later = proposal["arrival"] + 3 * DAY
    said = {"action": "change", **day_fields("arrival", later), "confirmed": "1", **WHY}
    assert browser.post(path, said).status_code == 303
    read = text_of(browser.get(path))
    booked, proposed = read.split("What was proposed")
    assert "What was booked" in booked and "3 days later than proposed" in booked.lower()
    assert f"{later.day} {later:%B %Y}" in booked
    assert f"{proposal['arrival'].day} {proposal['arrival']:%B %Y}" in proposed
    booking = row(
        service.register, "booking", row(service.register, "proposal", f"{run}/ref-2")["booking_id"]
    )
    asking = service.client("coordinator")
    asking.post(f"/v1/bookings/{booking['id']}/cancellation", {"reason": "Not wanted."})
    assert "Since then Cancelled" in text_of(browser.get(path))


def test_a_changed_proposal_is_listed_with_the_bed_that_is_booked(planned):
    service, run, seat = planned
    browser = Browser(service, "coordinator")
    here = f"/runs/{run}/proposals/ref-2"
    assert "Why the plan proposed this bed" in text_of(browser.get(here))
    said = {"action": "change", "bed_id": seat, "confirmed": "1", **WHY}
    browser.post(here, said)
    assert re.search(r"Booked: Premises P1, Room", text_of(browser.get(f"/runs/{run}/proposals")))
    read = text_of(browser.get(here))
    assert "Why the plan proposed this bed" in read and "Why this bed" not in read


def test_that_a_plan_had_no_other_bed_left_is_told_with_the_time_of_the_plan(tmp_path):
    service, run = a_planned_service(tmp_path, the_problem(bids=4).with_bookings(()))
    read = text_of(Browser(service, "coordinator").get(f"/runs/{run}/proposals/ref-1"))
    assert re.search(r"The plan of 2 November 2026 at .{3,8} had then no other lawful bed", read)


def test_a_proposal_that_was_overtaken_leads_to_what_overtook_it(planned):
    service, run, _ = planned
    browser = Browser(service, "coordinator")
    again = service.run()["id"]
    page = browser.get(f"/runs/{run}/proposals/ref-1")
    assert "Overtaken on 2 November 2026" in text_of(page)
    assert f'href="/runs/{again}/proposals/ref-1"' in page.text
    service.client("coordinator").post("/v1/referrals/ref-2/withdrawal", {"reason": "Recalled."})
    closed = browser.get(f"/runs/{again}/proposals/ref-2")
    assert "The bid is now: withdrawn" in text_of(closed) and 'href="/bids/ref-2"' in closed.text


def test_what_the_plan_knew_is_told_as_of_then_and_what_is_free_is_asked_of_now(planned):
    service, run, _ = planned
    page = Browser(service, "coordinator").get(f"/runs/{run}/proposals/ref-1")
    read = text_of(page)
    assert "As it was in the plan of 2 November 2026" in read
    assert "was free" not in read.replace("was free then", "")
    assert "Which lawful beds are free now, and who needs them" in read


def test_buttons_say_what_they_do(planned):
    service, run, _ = planned
    page = Browser(service, "coordinator").get(f"/runs/{run}/proposals/ref-1")
    words = [each.strip() for each in re.findall(r"<button[^>]*>\s*([^<]*)", page.text)]
    assert {"Accept and book this bed", "Check this change", "Refuse this proposal"} <= set(words)
    assert "Continue" not in words


# ---- the way through a list ------------------------------------------------------------------


@pytest.fixture
def many(tmp_path):
    problem = the_problem(bids=13, sites=5)
    service = a_service(tmp_path, problem.with_bookings(()))
    fill(service.register, problem, {"kept": "P1-R4-B1"})
    return service, service.run()["id"]


def test_a_decision_keeps_the_place_in_the_list_and_leads_on_to_the_next(many):
    service, run = many
    browser = Browser(service, "coordinator")
    listed = f"/runs/{run}/proposals?status=proposed&page=2"
    page = browser.get(listed)
    links = re.findall(rf'href="(/runs/{run}/proposals/[^"?]*\?[^"]*)"', page.text)
    here = links[0].replace("&amp;", "&")
    opened = browser.get(here)
    assert f'href="{listed}"' in opened.text.replace("&amp;", "&"), "back to where one was"
    done = browser.post(here, {"action": "refuse", "refuse_reason": "Too near."})
    assert done.headers["location"] == here
    after = browser.get(done.headers["location"]).text.replace("&amp;", "&")
    following = re.search(r'href="([^"]*)">The next proposal to decide', after)[1]
    assert following != here and following.endswith("?status=proposed&page=2")
    waiting = [each for each in rows(service.register, "proposal") if each["status"] == "proposed"]
    assert f"{len(waiting)} others to decide" in text_of(browser.get(here))
    again = browser.get(following)
    assert again.status_code == 200 and "To decide" in text_of(again)


def test_several_accepted_from_the_second_page_lead_back_to_it(many):
    service, run = many
    browser = Browser(service, "coordinator")
    page = browser.get(f"/runs/{run}/proposals?page=2")
    ticked = re.findall(r'name="referral" value="([^"]*)"', page.text)[:1]
    assert f'action="/runs/{run}/proposals/chosen?page=2"' in page.text
    nothing = browser.post(f"/runs/{run}/proposals/chosen?page=2")
    assert nothing.status_code == 422 and "Showing 11 to" in text_of(nothing)
    confirm = browser.post(f"/runs/{run}/proposals/chosen?page=2", {"referral": ticked})
    assert f'action="/runs/{run}/proposals/accepted?page=2"' in confirm.text
    sent = {"referral": ticked, "unopened": ticked, "reason": "Agreed."}
    done = browser.post(f"/runs/{run}/proposals/accepted?page=2", sent)
    assert done.headers["location"] == f"/runs/{run}/proposals?page=2"
    assert "1 proposal accepted. The bed is booked." in text_of(
        browser.get(done.headers["location"])
    )


def test_one_may_choose_how_many_stand_on_a_page(many):
    service, run = many
    browser = Browser(service, "coordinator")
    page = browser.get(f"/runs/{run}/proposals?sort=arrival")
    assert "On a page: 10" in text_of(page)
    assert f'href="/runs/{run}/proposals?per=25&amp;sort=arrival"' in page.text
    assert "Showing 1 to 13 of 13" in text_of(browser.get(f"/runs/{run}/proposals?per=25"))
    odd = text_of(browser.get(f"/runs/{run}/proposals?per=9999"))
    assert "Showing 1 to 10 of 13" in odd


def test_people_with_a_proposal_to_decide_are_told_from_those_with_nothing(planned):
    service, _, _ = planned
    browser = Browser(service, "coordinator")
    read = text_of(browser.get("/without-a-bed"))
    without = [each for each in rows(service.register, "referral") if each["status"] == "open"]
    waiting = [each for each in rows(service.register, "proposal") if each["status"] == "proposed"]
    assert f"{len(without)} without a bed:" in read
    assert f"{len(without) - len(waiting)} with nothing proposed" in read
    assert f"{len(waiting)} with a bed proposed, to be decided" in read
    boss = service.client("manager", name="Boss")
    boss.post("/v1/referrals/ref-1/restriction", {"visible_to": ["local:Boss"]})
    assert f"{len(waiting) - 1} with a bed proposed" in text_of(browser.get("/without-a-bed"))


# ---- choosing --------------------------------------------------------------------------------


def test_nothing_chosen_is_said_where_something_was_to_be(planned):
    service, run, seat = planned
    browser = Browser(service, "coordinator")
    here = f"/runs/{run}/proposals/ref-2/beds?premises=P1&chosen=1"
    nothing = browser.get(here)
    assert nothing.status_code == 422 and 'href="#bed-1"' in nothing.text
    assert 'id="bed-1"' in nothing.text and "Choose a bed" in text_of(nothing)
    chosen = browser.get(f"{here}&bed={seat}&band=4")
    assert chosen.status_code == 303
    assert chosen.headers["location"] == f"/runs/{run}/proposals/ref-2?band=4&bed={seat}#decide"
    assert browser.get("/premises-held/new").status_code == 200
    hold = browser.get("/premises-held/new?premises=")
    assert hold.status_code == 422 and "Choose premises" in text_of(hold)


def test_a_hold_and_a_bed_have_one_name_wherever_they_stand(planned):
    service, _, _ = planned
    with service.register.changing(a_person()) as change:
        until = change.today + 9 * DAY
        hold = make(change, Wanted("P1-R2-B1", a_stay(100, 20), 1, until, "For band 1."))
    browser = Browser(service, "coordinator")
    name = "Premises P1, Room P1-R2, Bed P1-R2-B1"
    one = browser.get(f"/premises-held/{hold['id']}")
    assert f"Hold on {name}" in text_of(one) and f"<title>Hold on {name}" in one.text
    assert name in text_of(browser.get("/premises-held"))
    form = browser.get("/premises-held/new?premises=P1").text
    options = re.findall(r'<option value="P1-[^"]*">([^<]*)', form)
    assert options and all(re.match(r"Room .*, Bed ", each) for each in options)

"""Somebody who is booked or there moves to another bed, by the form on the page of the booking."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from allocator.nights import Stay
from api.service import lawful
from api.store.tables import ACCESS_LOG
from tests.api.filled import Proposed, propose
from tests.api.live import live
from tests.api.registers import row
from tests.api.service import a_service
from tests.builders import a_problem, a_referral, an_estate
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import WIDTHS, signed_in
from tests.pages.looks import assert_fit_to_be_seen
from tests.pages.test_booking_page import booked, sent
from tests.pages.test_unsuitable_beds import correct

DAY = timedelta(days=1)
BOOKED = "R4", "B-1", "2026-11-16"


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def moved_bookings(service, browser, booking, **said):
    url = f"/bookings/{booking}/transfer"
    return browser.post(url, sent(service, booking, reason="The room.", **said))


def test_a_booking_moves_as_a_whole_once_it_was_looked_at_and_confirmed(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator", name="Bea")
    assert f'href="/bookings/{booking}/transfer"' in browser.get(f"/bookings/{booking}").text
    form = browser.get(f"/bookings/{booking}/transfer")
    assert "Move to another bed" in text_of(form) and 'value="2026-11-16"' in form.text
    asked = moved_bookings(service, browser, booking, bed_id="B-2", day="2026-11-16")
    assert asked.status_code == 200 and "To bed" in text_of(asked)
    assert "no mile further, no desirable criterion lost" in text_of(asked)
    assert row(service.register, "booking", booking)["status"] == "upcoming", "not confirmed yet"
    done = moved_bookings(service, browser, booking, bed_id="B-2", day="2026-11-16", confirmed="1")
    assert done.status_code == 303
    second = row(service.register, "booking", done.headers["location"].rsplit("/", 1)[1])
    assert (second["bed_id"], second["transferred_from"]) == ("B-2", booking)
    assert row(service.register, "booking", booking)["status"] == "cancelled"
    read = text_of(browser.get(done.headers["location"]))
    assert "Moved. This is the booking of the bed that you chose." in read


def test_what_a_move_costs_the_person_is_told_before_it_is_made(service):
    booking = booked(service, "R5", "B-1", "2027-01-31")
    browser = Browser(service, "coordinator")
    asked = moved_bookings(service, browser, booking, bed_id="B-2", day="2027-01-31")
    told = "What the move costs the person Desirable criteria lost: isGroundFloor"
    assert asked.status_code == 200 and told in text_of(asked)


def test_a_resident_moves_from_a_day_of_their_stay_on(service):
    booking = booked(service, *BOOKED)
    service.moving.put_forward(days=15)
    browser = Browser(service, "coordinator")
    came = sent(service, booking, arrival_day="2026-11-16", confirmed="1")
    assert browser.post(f"/bookings/{booking}/arrival", came).status_code == 303
    assert "From a day on" in text_of(browser.get(f"/bookings/{booking}"))
    said = {"bed_id": "B-2", "day": "2026-11-20"}
    assert moved_bookings(service, browser, booking, **said, confirmed="1").status_code == 303
    first = row(service.register, "booking", booking)
    assert (first["status"], f"{first['departure']}") == ("arrived", "2026-11-20")


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"bed_id": "", "day": "2026-11-16"}, "bed_id", "Choose a bed, or write its id"),
        ({"bed_id": "B-9", "day": "2026-11-16"}, "bed_id", "There is no bed B-9"),
        (
            {"bed_id": "B-1", "day": "2026-11-16"},
            "bed_id",
            "The person is booked into this bed already",
        ),
        ({"bed_id": "B-2", "day": "2026-11-17"}, "day", "moves as a whole"),
        ({"bed_id": "B-1", "day": "2026-11-17"}, "day", "moves as a whole"),
        ({"bed_id": "B-2", "day": "soon"}, "day", "Write the day"),
        ({"bed_id": "B-2", "day": ""}, "day", "Give the day"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_written(service, said, field, words):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    wrong = moved_bookings(service, browser, booking, **said)
    assert wrong.status_code == 422 and f'href="#{field}"' in wrong.text
    assert words in text_of(wrong) and "The room." in text_of(wrong)
    assert row(service.register, "booking", booking)["status"] == "upcoming"


def test_a_taken_bed_and_a_booking_that_was_changed_meanwhile_are_told(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    taken = booked(service, "R5", "B-2", "2027-01-31")
    said = {"bed_id": "B-2", "day": "2026-11-16"}
    refused = moved_bookings(service, browser, booking, **said)
    assert refused.status_code == 409 and 'href="#bed_id"' in refused.text, taken
    stale = browser.post(f"/bookings/{booking}/transfer", {**said, "reason": "x", "version": "9"})
    assert stale.status_code == 409 and "Somebody has changed this booking" in text_of(stale)


def test_a_hold_is_passed_over_with_a_reason_that_is_asked_for_once_it_stands_in_the_way(service):
    booking = booked(service, *BOOKED)
    ann = service.client("coordinator", name="Ann")
    hold = {
        "bed_id": "B-2",
        "first_night": "2026-11-16",
        "last_night": "2026-11-30",
        "lowest_band": 1,
    }
    held = ann.post("/v1/holds", {**hold, "until": "2026-11-20", "why": "Expected."})
    assert held.status_code == 201, held.text
    browser = Browser(service, "coordinator")
    assert 'name="override_hold"' not in browser.get(f"/bookings/{booking}/transfer").text
    said = {"bed_id": "B-2", "day": "2026-11-16", "confirmed": "1"}
    refused = moved_bookings(service, browser, booking, **said)
    assert refused.status_code == 409 and 'href="#override_hold"' in refused.text
    assert 'name="override_hold"' in refused.text
    over = moved_bookings(service, browser, booking, **said, override_hold="Cannot climb.")
    assert over.status_code == 303


def test_lawful_beds_are_chosen_from_and_put_into_the_form(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/transfer"
    assert f'href="{url}/beds"' in browser.get(url).text
    sites = text_of(browser.get(f"{url}/beds"))
    assert "Premises with lawful beds, nearest first" in sites and "Booked now" in sites
    beds = browser.get(f"{url}/beds?premises=B")
    assert 'value="B-2"' in beds.text, "its own stay is in nobody's way"
    on = browser.get(f"{url}/beds?premises=B&chosen=1&bed=B-2&arrival=2026-11-16")
    assert on.headers["location"] == f"{url}?bed=B-2&day=2026-11-16"
    form = browser.get(on.headers["location"])
    assert 'value="B-2"' in form.text and "Chosen: Brackmere Lodge" in text_of(form)
    assert browser.get(f"{url}/beds?premises=B&chosen=1").status_code == 422


def held(service, bed):
    hold = {"bed_id": bed, "first_night": "2026-11-16", "last_night": "2026-11-30"}
    hold |= {"lowest_band": 1, "until": "2026-11-20", "why": "Expected."}
    made = service.client("coordinator", name="Ann").post("/v1/holds", hold)
    assert made.status_code == 201, made.text


def test_the_choice_for_a_transfer_says_that_nobody_else_moves_for_it(service):
    booking = booked(service, "R4", "B-1", "2026-11-16")
    read = text_of(Browser(service, "coordinator").get(f"/bookings/{booking}/transfer/beds"))
    assert "a transfer makes nobody else move, as a proposal can" in read
    assert "or whoever is booked moves to another bed there" not in read


def test_a_bed_that_is_held_back_can_be_chosen_and_is_said_to_be(service):
    booking = booked(service, *BOOKED)
    held(service, "B-2")
    beds = Browser(service, "coordinator").get(f"/bookings/{booking}/transfer/beds?premises=B")
    assert 'value="B-2"' in beds.text and "Held back for" in text_of(beds)
    assert "B-2 Held back" not in text_of(beds).split("not free for the stay")[-1]


def test_beds_of_premises_that_closed_are_offered_to_whoever_is_booked_there_and_to_nobody_else(
    service,
):
    booking, other = booked(service, *BOOKED), booked(service, "R1", "A-1")
    ann = service.client("coordinator", "administrator", name="Ann")
    there = ann.get("/v1/premises/B").json()
    closed = ann.put("/v1/premises/B", {**there["details"], "open": False}, there["version"])
    assert closed.status_code == 200
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/transfer"
    assert "Brackmere Lodge" in text_of(browser.get(f"{url}/beds"))
    assert 'value="B-2"' in browser.get(f"{url}/beds?premises=B").text
    moved = moved_bookings(service, browser, booking, bed_id="B-2", day="2026-11-16")
    assert moved.status_code == 200, "as it is offered"
    url = f"/bookings/{other}/transfer/beds"
    assert "Brackmere Lodge" not in text_of(browser.get(url))
    assert "No bed here is lawful" in text_of(browser.get(f"{url}?premises=B"))


def test_beds_are_judged_on_one_reading_of_their_premises(tmp_path, monkeypatch):
    estate = an_estate({"P1": (1, 1, 1, 1)})
    service = a_service(tmp_path, a_problem(referrals=[a_referral("ref-1")], **estate))
    bid = row(service.register, "referral", "ref-1")
    stay = {"arrival": f"{bid['release_date']}", "departure": f"{bid['release_date'] + 9 * DAY}"}
    wanted = {"referral_id": "ref-1", "bed_id": "P1-R1-B1", "reason": "by hand", **stay}
    made = service.client("coordinator").post("/v1/bookings", wanted)
    assert made.status_code == 201, made.text
    read, snapshot = [], lawful.snapshot

    def noting(*told, **more):
        read.append(more)
        return snapshot(*told, **more)

    monkeypatch.setattr(lawful, "snapshot", noting)
    url = f"/bookings/{made.json()['id']}/transfer/beds?premises=P1"
    beds = Browser(service, "coordinator").get(url)
    assert beds.text.count('type="radio"') == 3 and len(read) == 1


def test_beds_for_a_stay_that_has_not_begun_are_those_from_its_arrival_on(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    for day in ("2026-11-20", "2026-11-01"):
        beds = browser.get(f"/bookings/{booking}/transfer/beds?premises=B&arrival={day}")
        assert "From 16 November 2026 to 1 February 2027" in text_of(beds)
        assert "Look for these days" not in beds.text and 'value="2026-11-16"' in beds.text


def arrived(service, booking, day="2026-11-16"):
    came = sent(service, booking, arrival_day=day, confirmed="1")
    answer = Browser(service, "coordinator").post(f"/bookings/{booking}/arrival", came)
    assert answer.status_code == 303


def test_beds_for_a_resident_are_those_from_a_day_on_which_they_could_move(service):
    booking = booked(service, *BOOKED)
    service.moving.put_forward(days=15)
    arrived(service, booking)
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/transfer/beds"
    assert "From 17 November 2026" in text_of(browser.get(url))
    assert "From 20 November 2026" in text_of(browser.get(f"{url}?arrival=2026-11-20"))
    for day in ("2026-11-16", "2027-02-01"):
        refused = browser.get(f"{url}?arrival={day}")
        assert refused.status_code == 422 and "The day must be within the stay" in text_of(refused)


def test_an_arrival_that_is_overdue_is_to_be_recorded_before_anybody_is_moved(service):
    booking = booked(service, *BOOKED)
    correct(service, arson="applies")
    service.moving.put_forward(days=15)
    browser = Browser(service, "coordinator")
    for url in ("/bids/R4", f"/bookings/{booking}"):
        page = browser.get(url)
        assert "does not suit any more" in text_of(page)
        assert f"/bookings/{booking}/transfer" not in page.text, url
        assert "The arrival is not recorded. Once it is, the person can be moved" in text_of(page)
    assert "is to be recorded first" in text_of(browser.get("/bids/R4/brief"))
    assert "the arrival to be recorded first" in text_of(browser.get("/without-a-bed"))
    form = browser.get(f"/bookings/{booking}/transfer")
    assert "The arrival of 16 November 2026 is not recorded" in text_of(form)
    assert 'name="bed_id"' not in form.text
    beds = browser.get(f"/bookings/{booking}/transfer/beds")
    assert beds.status_code == 409
    assert "The arrival of 16 November 2026 is not recorded: record it" in text_of(beds)
    refused = moved_bookings(service, browser, booking, bed_id="B-2", day="2026-11-17")
    assert refused.status_code == 409 and 'href="#main-content"' in refused.text


def test_a_booking_that_was_called_off_moves_nowhere(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    ended = sent(service, booking, cancellation_reason="Recalled.", confirmed="1")
    assert browser.post(f"/bookings/{booking}/cancellation", ended).status_code == 303
    assert 'name="bed_id"' not in browser.get(f"/bookings/{booking}/transfer").text
    for url in (f"/bookings/{booking}/transfer", f"/bookings/{booking}/transfer/beds"):
        assert "moves to no other bed" in text_of(browser.get(url))


def test_who_loses_the_bed_by_a_transfer_is_told_before_it_is_made_and_logged(service):
    booking = booked(service, *BOOKED)
    propose(service.register, [Proposed("R5", "B-2", Stay(date(2027, 1, 31), date(2027, 4, 25)))])
    browser = Browser(service, "coordinator")
    asked = moved_bookings(service, browser, booking, bed_id="B-2", day="2026-11-16")
    read = text_of(asked)
    assert asked.status_code == 200 and "Who would lose the bed that the plan has for them" in read
    assert "X000005" in read and "this bed is proposed to them" in read
    assert "If you move them there, that proposal cannot be accepted any more" in read
    with service.register.reading() as connection:
        newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        assert {booking, "R5"} <= set(connection.execute(newest).scalar_one())


def moved_to(service, booking, bed, day, reason):
    said = sent(service, booking, bed_id=bed, day=day, reason=reason, confirmed="1")
    done = Browser(service, "coordinator").post(f"/bookings/{booking}/transfer", said)
    assert done.status_code == 303
    return done.headers["location"].rsplit("/", 1)[1]


def test_both_bookings_of_a_transfer_lead_to_each_other_and_say_why(service):
    first = booked(service, *BOOKED)
    second = moved_to(service, first, "B-2", "2026-11-16", "Wrong floor.")
    assert row(service.register, "booking", first)["ended_reason"] == "Wrong floor."
    browser = Browser(service, "coordinator")
    before, after = (browser.get(f"/bookings/{each}") for each in (first, second))
    assert "Moved to Brackmere Lodge, room 2, bed 1 , from 16 November 2026" in text_of(before)
    assert f'href="/bookings/{second}"' in before.text
    assert "Moved from Brackmere Lodge, room 1, bed 1 , from 16 November 2026" in text_of(after)
    assert f'href="/bookings/{first}"' in after.text
    for page in (before, after):
        assert text_of(page).count("Why they were moved Wrong floor.") == 1
        assert "Why it ended" not in text_of(page), "nor twice"


def test_a_move_that_came_to_nothing_is_told_on_its_own_booking_alone(service):
    first = booked(service, *BOOKED)
    service.moving.put_forward(days=15)
    arrived(service, first)
    second = moved_to(service, first, "B-2", "2026-11-20", "Wrong floor.")
    browser = Browser(service, "coordinator")
    assert "Moves to Brackmere Lodge, room 2, bed 1 , from 20" in text_of(
        browser.get(f"/bookings/{first}")
    )
    ended = sent(service, second, cancellation_reason="Mended.", confirmed="1")
    assert browser.post(f"/bookings/{second}/cancellation", ended).status_code == 303
    assert "Moves to" not in text_of(browser.get(f"/bookings/{first}"))
    assert "Moved from" in text_of(browser.get(f"/bookings/{second}"))
    assert "Is at Brackmere Lodge, room 1, bed 1" in text_of(browser.get("/bids/R4/brief"))


def test_an_arrival_is_not_said_to_be_withdrawn_of_a_stay_that_began_with_a_move(service):
    first = booked(service, *BOOKED)
    service.moving.put_forward(days=15)
    arrived(service, first)
    second = moved_to(service, first, "B-2", "2026-11-17", "Wrong floor.")
    browser = Browser(service, "coordinator")
    read = text_of(browser.get("/bids/R4"))
    assert "Record the departure, change the last day, or move to another bed : the stay" in read
    assert "Look at the stay that ended : the stay" in read and "withdraw the" not in read
    for booking in (first, second):
        assert "Withdraw the" not in text_of(browser.get(f"/bookings/{booking}"))


def test_a_move_to_come_is_cancelled_before_an_arrival_is_withdrawn_and_is_led_to(service, moving):
    first, second = moving
    browser = Browser(service, "coordinator")
    page = browser.get(f"/bookings/{first}")
    assert f'<a class="govuk-link" href="/bookings/{second}">Cancel that booking</a>' in page.text
    assert "booked for the person from 20 November 2026 on." in text_of(page)
    assert 'name="withdrawal_reason"' not in page.text
    said = sent(service, first, withdrawal_reason="Another person.", confirmed="1")
    refused = browser.post(f"/bookings/{first}/withdrawal", said)
    assert refused.status_code == 409
    why = "This cannot be withdrawn: another bed is booked for the person from 20 November 2026"
    assert f'<a href="/bookings/{second}">{why}: cancel that booking first' in refused.text
    ended = sent(service, second, cancellation_reason="Mended.", confirmed="1")
    assert browser.post(f"/bookings/{second}/cancellation", ended).status_code == 303
    said = sent(service, first, withdrawal_reason="Another person.", confirmed="1")
    assert browser.post(f"/bookings/{first}/withdrawal", said).status_code == 303
    assert row(service.register, "booking", first)["status"] == "upcoming"


def test_transfers_are_for_those_who_may_make_them_and_know_of_the_person(service):
    booking = booked(service, *BOOKED)
    assert Browser(service, "planner").get(f"/bookings/{booking}/transfer").status_code == 403
    manager = service.client("manager", name="Ann")
    named = {"visible_to": ["local:Ann"]}
    assert manager.post("/v1/referrals/R4/restriction", named).status_code == 200
    bea = Browser(service, "coordinator", name="Bea")
    for url in (f"/bookings/{booking}/transfer", f"/bookings/{booking}/transfer/beds"):
        assert bea.get(url).status_code == 404
    assert moved_bookings(service, bea, booking, bed_id="B-2", day="2026-11-16").status_code == 404
    token = bea.post(f"/bookings/{booking}/transfer", {"bed_id": "B-2"}, token="another")
    assert token.status_code == 403


@pytest.mark.parametrize("width", WIDTHS)
def test_a_transfer_is_made_in_a_browser_at_two_widths(started, tmp_path, width):
    service = a_service(tmp_path)
    booking = booked(service, *BOOKED)
    with (
        live(service.app) as at,
        signed_in(started, at, service.register, "coordinator", width=WIDTHS[width]) as page,
    ):
        page.goto(f"/bookings/{booking}")
        page.click("text=Choose the bed, and say why")
        assert_fit_to_be_seen(page, WIDTHS[width])
        page.click("text=Which lawful beds are free now")
        page.click("text=Brackmere Lodge")
        page.check("input[value=B-2]")
        page.click("text=Choose this bed")
        page.fill("#reason", "The room is on the wrong floor.")
        page.click("text=Check, then move to this bed")
        assert_fit_to_be_seen(page, WIDTHS[width])
        page.click("main button:has-text('Move to this bed')")
        page.wait_for_selector("text=Moved. This is the booking")
        assert_fit_to_be_seen(page, WIDTHS[width])
        page.click("dd a:has-text('Brackmere Lodge')")
        page.wait_for_selector("text=Moved to")
        assert_fit_to_be_seen(page, WIDTHS[width])
    assert row(service.register, "booking", booking)["status"] == "cancelled"

"""Somebody who is booked or there moves to another bed, by the form on the page of the booking."""

import pytest

from tests.api.live import live
from tests.api.registers import row
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import WIDTHS, signed_in
from tests.pages.looks import assert_fit_to_be_seen
from tests.pages.test_booking_page import booked, sent

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
        ({"bed_id": "B-1", "day": "2026-11-16"}, "bed_id", "The person is in this bed already"),
        ({"bed_id": "B-2", "day": "2026-11-17"}, "day", "moves as a whole"),
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
    assert "Premises with lawful beds, nearest first" in sites and "There now" in sites
    beds = browser.get(f"{url}/beds?premises=B")
    assert 'value="B-2"' in beds.text, "its own stay is in nobody's way"
    on = browser.get(f"{url}/beds?premises=B&chosen=1&bed=B-2&arrival=2026-11-16")
    assert on.headers["location"] == f"{url}?bed=B-2&day=2026-11-16"
    form = browser.get(on.headers["location"])
    assert 'value="B-2"' in form.text and "Chosen: Brackmere Lodge" in text_of(form)
    assert browser.get(f"{url}/beds?premises=B&chosen=1").status_code == 422


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
    assert row(service.register, "booking", booking)["status"] == "cancelled"

"""The booking to which a resident is to move: what ending it does, and what stands in the way."""

from datetime import date

from tests.api.registers import COORDINATOR, row
from tests.api.test_bookings import book
from tests.pages.browsing import Browser, text_of
from tests.pages.test_booking_page import booked, sent

STAYS = "The person stays in the bed that they are in, on the nights of this booking too."
WHY = {"cancellation_reason": "Mended."}


def test_what_ends_the_second_half_of_a_stay_opens_no_bid_and_is_not_said_to(service, moving):
    first, second = moving
    browser = Browser(service, "coordinator")
    url = f"/bookings/{second}/cancellation"
    asked = browser.post(url, sent(service, second, **WHY))
    for page in (asked, browser.get(f"/bookings/{second}")):
        assert STAYS in text_of(page) and "open again" not in text_of(page)
    done = browser.post(url, sent(service, second, **WHY, confirmed="1"))
    assert done.status_code == 303
    read = text_of(browser.get("/bids/R4"))
    assert "The booking is cancelled." in read and "open again" not in read
    read = text_of(browser.get(f"/bookings/{first}"))
    assert "How it stands Arrived" in read and "Why it ended" not in read


def test_after_they_left_nothing_but_the_bed_is_said_to_be_free(service, moving):
    first, second = moving
    browser = Browser(service, "coordinator")
    gone = {"departure_day": "2026-11-17", "departure_reason": "Recalled.", "confirmed": "1"}
    assert browser.post(f"/bookings/{first}/departure", sent(service, first, **gone)).is_redirect
    read = text_of(browser.get(f"/bookings/{second}"))
    assert "free for others. The bid stays closed." in read and "open again" not in read


def test_what_a_bid_placed_by_the_booking_comes_to_is_said_as_before(service):
    read = text_of(Browser(service, "coordinator").get(f"/bookings/{booked(service)}"))
    assert "A bid that this booking placed is open again" in read


def test_no_way_back_is_told_without_ids_and_leads_to_the_stay_that_was_cut(service, moving):
    first, second = moving
    ann = service.client("coordinator", name="Ann")
    other = {**ann.get("/v1/referrals/R4").json()["details"], "id": "N1", "crn": "X000888"}
    other |= {"release_date": "2026-12-01", "latest_arrival": "2026-12-01", "nights": 10}
    assert ann.post("/v1/referrals", other).status_code == 201
    assert book(ann, "N1", "B-1", "2026-12-01", "2026-12-11").status_code == 201
    browser = Browser(service, "coordinator")
    asked = browser.post(f"/bookings/{second}/cancellation", sent(service, second, **WHY))
    read = text_of(asked)
    assert asked.status_code == 409
    bed = "Brackmere Lodge, room 1, bed 1"
    taken = f"{bed} is taken from 1 December 2026 to 11 December 2026: Ann booked it on 17"
    assert f"they cannot stay in {bed} from then on, for {taken} November 2026" in read
    assert "if they have left, record the departure from that bed first" in read
    assert f'<a href="/bookings/{first}">The person would have no bed' in asked.text
    assert first not in read and second not in read and "B-1" not in read


def test_a_booking_by_which_its_bid_is_not_placed_is_not_said_to_open_it(service):
    first = row(service.register, "booking", booked(service))
    with service.register.changing(COORDINATOR) as change:
        days = {"arrival": date(2027, 2, 1), "departure": date(2027, 2, 9)}
        other = {**first, "id": "other", "held_from": days["arrival"], **days}
        other["details"] = {**first["details"], "id": "other"}
        change.record("booking.imported", "booking", other)
    read = text_of(Browser(service, "coordinator").get("/bookings/other"))
    assert "The bed is then free for others." in read
    assert "open again" not in read and "stays closed" not in read

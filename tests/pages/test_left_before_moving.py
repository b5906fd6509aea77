"""A departure of somebody with a move booked: the bed that follows is named, and can be let go."""

import re

from sqlalchemy import select

from api.store.tables import ACCESS_LOG
from tests.api.registers import row
from tests.pages.browsing import Browser, text_of
from tests.pages.moving import moved
from tests.pages.test_booking_page import booked, sent

LISTED = "Beds still booked for people who have left"
NEXT = "Brackmere Lodge, room 2, bed 1"


def ticked(service, browser, first):
    """A departure as it is confirmed with the tick, once it was looked at."""
    asked = browser.post(f"/bookings/{first}/departure", left(service, first))
    shown = re.search(r'name="cancel_onward" value="([^"]+)"', asked.text)[1]
    return left(service, first, confirmed="1", cancel_onward=shown)


def left(service, first, **more):
    said = {"departure_day": "2026-11-17", "departure_reason": "Recalled.", **more}
    return sent(service, first, **said)


def test_the_check_names_the_next_booking_and_a_tick_cancels_it_with_the_same_reason(
    service, moving
):
    first, second = moving
    browser = Browser(service, "coordinator")
    asked = browser.post(f"/bookings/{first}/departure", left(service, first))
    read = text_of(asked)
    assert asked.status_code == 200
    assert f"{NEXT} , 20 November 2026 to 1 February 2027. Cancel it below" in read
    assert f'href="/bookings/{second}"' in asked.text and 'name="cancel_onward"' in asked.text
    with service.register.reading() as connection:
        newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        assert second in connection.execute(newest).scalar_one()
    gone = ticked(service, browser, first)
    assert browser.post(f"/bookings/{first}/departure", gone).status_code == 303
    assert row(service.register, "booking", first)["status"] == "departed"
    ended = row(service.register, "booking", second)
    assert (ended["status"], ended["ended_reason"]) == ("cancelled", "Recalled.")
    read = text_of(browser.get("/bids/R4"))
    assert "The booking that was to follow is cancelled" in read and "X000004 Left" in read
    assert "another bed is still booked" not in read
    assert LISTED not in text_of(browser.get("/without-a-bed"))


def test_the_tick_cancels_what_was_shown_beside_it_and_nothing_that_came_since(service, moving):
    first, second = moving
    browser = Browser(service, "coordinator")
    gone = ticked(service, browser, first)
    since = moved(service, second, "B-1", "2026-11-20")
    refused = browser.post(f"/bookings/{first}/departure", gone)
    assert refused.status_code == 409
    assert "Somebody has changed the booking that was to follow" in text_of(refused)
    assert row(service.register, "booking", first)["status"] == "arrived"
    assert row(service.register, "booking", since)["status"] == "upcoming"
    again = ticked(service, browser, first)
    assert browser.post(f"/bookings/{first}/departure", again).status_code == 303
    assert row(service.register, "booking", since)["status"] == "cancelled"


def test_a_departure_that_was_a_mistake_is_withdrawn_with_the_nights_of_the_move(service, moving):
    first, _ = moving
    browser = Browser(service, "coordinator")
    gone = ticked(service, browser, first)
    assert browser.post(f"/bookings/{first}/departure", gone).status_code == 303
    url = f"/bookings/{first}/withdrawal"
    said = sent(service, first, withdrawal_reason="Another person.")
    assert "its nights are the person's in the bed that they have" in text_of(
        browser.post(url, said)
    )
    assert browser.post(url, {**said, "confirmed": "1"}).status_code == 303
    assert f"{row(service.register, 'booking', first)['departure']}" == "2027-02-01"
    assert "on the nights of any move that was called off since" in text_of(browser.get("/bids/R4"))


def test_where_the_nights_of_the_move_are_gone_the_page_says_that_the_stay_ends_before(
    service, moving
):
    first, _ = moving
    browser = Browser(service, "coordinator")
    gone = ticked(service, browser, first)
    assert browser.post(f"/bookings/{first}/departure", gone).status_code == 303
    booked(service, "R5", "B-1", "2027-01-31")
    said = sent(service, first, withdrawal_reason="Another person.", confirmed="1")
    assert browser.post(f"/bookings/{first}/withdrawal", said).status_code == 303
    read = text_of(browser.get("/bids/R4"))
    assert "the stay ends on the day of a move that was called off since" in read
    assert "Look again The stay ends on the day of a move that was called off" in read


def test_without_the_tick_the_bed_that_stays_booked_is_told_of_until_it_is_cancelled(
    service, moving
):
    first, second = moving
    browser = Browser(service, "coordinator")
    gone = left(service, first, confirmed="1")
    assert browser.post(f"/bookings/{first}/departure", gone).status_code == 303
    assert row(service.register, "booking", second)["status"] == "upcoming"
    bid = browser.get("/bids/R4")
    read = text_of(bid)
    assert "Another bed is still booked for them: cancel that booking, or record the" in read
    assert f"another bed is still booked for them. {NEXT} , from 20 November 2026" in read
    assert "X000004 Left" in read and f'href="/bookings/{second}"' in bid.text
    brief = text_of(browser.get("/bids/R4/brief"))
    assert "Handover brief: X000004 Left" in brief
    assert "Was at Brackmere Lodge, room 1, bed 1 , 16 November 2026 to 17 November 2026" in brief
    assert f"Still booked {NEXT} , 20 November 2026 to 1 February 2027" in brief
    assert "the booking is to be cancelled, or" in brief
    page = browser.get("/without-a-bed")
    assert LISTED in text_of(page) and f'href="/bookings/{second}"' in page.text
    assert f"left on 17 November 2026: {NEXT} , 20 November 2026 to 1" in text_of(page)
    ended = sent(service, second, cancellation_reason="Recalled.", confirmed="1")
    assert browser.post(f"/bookings/{second}/cancellation", ended).status_code == 303
    assert LISTED not in text_of(browser.get("/without-a-bed"))
    assert "still booked" not in text_of(browser.get("/bids/R4"))


def test_who_may_not_cancel_a_booking_is_told_of_it_and_cannot_do_so_by_a_departure(
    service, moving
):
    first, _ = moving
    browser = Browser(service, "service")
    asked = browser.post(f"/bookings/{first}/departure", left(service, first))
    assert asked.status_code == 200 and 'name="cancel_onward"' not in asked.text
    assert f"{NEXT} , 20 November 2026 to 1 February 2027. It is to be cancelled" in text_of(asked)
    gone = left(service, first, confirmed="1", cancel_onward="1")
    assert browser.post(f"/bookings/{first}/departure", gone).status_code != 303
    assert row(service.register, "booking", first)["status"] == "arrived"


def test_nobody_is_told_of_a_bed_of_somebody_whom_they_may_not_know(service, moving):
    first, _ = moving
    gone = left(service, first, confirmed="1")
    done = Browser(service, "coordinator").post(f"/bookings/{first}/departure", gone)
    assert done.status_code == 303
    named = {"visible_to": ["local:Ann"]}
    manager = service.client("manager", name="Ann")
    assert manager.post("/v1/referrals/R4/restriction", named).status_code == 200
    assert LISTED not in text_of(Browser(service, "coordinator").get("/without-a-bed"))
    assert LISTED in text_of(Browser(service, "coordinator", name="Ann").get("/without-a-bed"))

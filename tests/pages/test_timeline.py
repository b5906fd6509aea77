"""The timeline of a bid tells a move once, with both beds, and of every booking which it was."""

from tests.pages.browsing import Browser, text_of
from tests.pages.test_booking_page import booked, sent


def test_a_move_is_told_with_its_day_its_reason_and_both_beds(service):
    booking = booked(service, "R4", "B-1", "2026-11-16")
    browser = Browser(service, "coordinator")
    said = {"bed_id": "B-2", "day": "2026-11-16", "reason": "The room.", "confirmed": "1"}
    done = browser.post(f"/bookings/{booking}/transfer", sent(service, booking, **said))
    assert done.status_code == 303
    read = text_of(browser.get("/bids/R4")).partition("Timeline")[2]
    timeline, _, by_itself = read.partition("What followed by itself")
    beds = "From: Brackmere Lodge, room 1, bed 1 To: Brackmere Lodge, room 2, bed 1"
    assert (
        "Moved to another bed" in timeline
        and "16 November 2026 Reason: The room. " + beds in timeline
    )
    assert "the bed after the move" not in timeline and "the bed after the move" in by_itself


def timeline_of(service, bid="R4", name="A Tester"):
    return text_of(Browser(service, "coordinator", name=name).get(f"/bids/{bid}")).partition(
        "Timeline"
    )[2]


def test_a_move_that_is_called_off_is_told_with_both_stays_and_the_reason_given(service, moving):
    _, second = moving
    said = {"cancellation_reason": "Plan fell through.", "confirmed": "1"}
    url = f"/bookings/{second}/cancellation"
    done = Browser(service, "coordinator", name="Ann").post(url, sent(service, second, **said))
    assert done.status_code == 303
    read = timeline_of(service)
    goes_on = (
        "The stay goes on in the same bed: the move to another came to nothing by Ann",
        "Reason: Plan fell through. Stay: Brackmere Lodge, room 1, bed 1, from 16 November 2026 "
        "until 1 February 2027, and not 20 November 2026",
    )
    cancelled = (
        "The booking was cancelled by Ann",
        "Reason: Plan fell through. Stay: Brackmere Lodge, room 2, bed 1, from 20 November 2026 "
        "until 1 February 2027",
    )
    for words in (*goes_on, *cancelled):
        assert words in read
    assert "was extended" not in read and "no transfer" not in read


def test_a_stay_that_is_made_longer_or_shorter_is_told_with_both_days(service):
    booking = booked(service)
    browser = Browser(service, "coordinator")
    for departure in ("2027-02-08", "2027-01-20"):
        said = {"departure": departure, "reason": "The flat.", "confirmed": "1"}
        done = browser.post(f"/bookings/{booking}/last-day", sent(service, booking, **said))
        assert done.status_code == 303
    read = timeline_of(service, "R2")
    stay = "Reason: The flat. Stay: Alderbeck House, room 2, bed 1, from 9 November 2026 until"
    assert "The stay was extended" in read and "The stay was shortened" in read
    assert f"{stay} 8 February 2027, and not 1 February 2027" in read
    assert f"{stay} 20 January 2027, and not 8 February 2027" in read


def test_no_stay_is_told_of_somebody_with_a_bid_that_the_reader_may_not_see(service):
    booked(service)
    ann = service.client("coordinator", "manager", name="Ann")
    other = {**ann.get("/v1/referrals/R2").json()["details"], "id": "N1"}
    assert ann.post("/v1/referrals", other).status_code == 201
    assert "Stay: Alderbeck House" in timeline_of(service, "R2", name="Bea")
    named = {"visible_to": ["local:Ann"]}
    assert ann.post("/v1/referrals/N1/restriction", named).status_code == 200
    assert "A bed was booked" in timeline_of(service, "R2", name="Bea")
    assert "Stay: Alderbeck House" not in timeline_of(service, "R2", name="Bea")
    assert "Stay: Alderbeck House" in timeline_of(service, "R2", name="Ann")

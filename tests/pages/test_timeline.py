"""The timeline of a bid tells a move once, with both beds."""

from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_booking_page import booked, sent


def test_a_move_is_told_with_its_day_its_reason_and_both_beds(tmp_path):
    service = a_service(tmp_path)
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

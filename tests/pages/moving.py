"""Moving: bookings transferred at the page, as tests of what follows begin."""

from tests.pages.browsing import Browser
from tests.pages.test_booking_page import sent


def moved(service, booking, bed, day):
    """The booking in the other bed from that day on."""
    said = {"reason": "The room.", "bed_id": bed, "day": day, "confirmed": "1"}
    answer = Browser(service, "coordinator").post(
        f"/bookings/{booking}/transfer", sent(service, booking, **said)
    )
    assert answer.status_code == 303
    return answer.headers["location"].removeprefix("/bookings/")

"""A bed that was freed: whoever might have it is told which, until a plan looks at them again."""

from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_booking_page import booked, sent


def test_the_bid_and_the_list_name_the_bed(tmp_path):
    service = a_service(tmp_path)
    booking = booked(service, "R2", "A-2", "2026-11-09")
    browser = Browser(service, "coordinator")
    bed = "Alderbeck House, room 2, bed 1"
    assert bed not in text_of(browser.get("/bids/R3"))
    ended = sent(service, booking, cancellation_reason="The AP appealed.", confirmed="1")
    assert browser.post(f"/bookings/{booking}/cancellation", ended).status_code == 303
    told = f"A bed was freed that this person might have: {bed}"
    assert told in text_of(browser.get("/bids/R3"))
    assert told in text_of(browser.get("/bids/R3/brief"))
    assert f"A bed was freed {bed}" in text_of(browser.get("/without-a-bed"))

"""A bid whose last plan had a bed says what became of it: who refused it and when, or otherwise."""

import pytest

from tests.api.registers import row
from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def planned(tmp_path):
    service, run = a_planned_service(tmp_path)
    proposals = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    return service, f"/runs/{run}/proposals/{proposals[0]['referral_id']}", proposals[0]


def test_a_refusal_is_told_with_who_refused_when_and_why(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    said = {"action": "refuse", "refuse_reason": "Too near the victim."}
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post(address, said).status_code == 303
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Refused by Ann on 2 November 2026 at" in read
    assert "Reason: Too near the victim." in read and "taken since" not in read


def test_a_bed_that_was_booked_and_cancelled_since_says_both(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    ann = Browser(service, "coordinator", name="Ann")
    said = {"action": "accept", "accept_reason": "Agreed."}
    assert ann.post(address, said).status_code == 303
    booking = row(service.register, "referral", bid)["booking_id"]
    ended = {"version": "1", "cancellation_reason": "The AP appealed.", "confirmed": "1"}
    assert ann.post(f"/bookings/{booking}/cancellation", ended).status_code == 303
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Accepted by Ann on 2 November 2026 at" in read
    assert "The booking: cancelled, because: The AP appealed." in read


def test_a_bid_that_was_booked_elsewhere_meanwhile_says_that_nobody_decided(planned):
    service, _, proposal = planned
    bid, client = proposal["referral_id"], service.client("coordinator")
    stay = {name: proposal[name] for name in ("bed_id", "arrival", "departure")}
    made = client.post("/v1/bookings", {"referral_id": bid, **stay, "reason": "by hand"})
    assert made.status_code == 201
    gone = client.post(f"/v1/bookings/{made.json()['id']}/cancellation", {"reason": "an error"})
    assert gone.status_code == 200
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Nobody decided: the bid was booked otherwise" in read

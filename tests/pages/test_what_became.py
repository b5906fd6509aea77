"""A bid whose last plan had a bed says what became of it: who refused it and when, or otherwise."""

import pytest
from sqlalchemy import event

from api.service.what_became import booked_of
from tests.api.registers import COORDINATOR, row, rows
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


def accept(service, address):
    said = {"action": "accept", "accept_reason": "Agreed."}
    assert Browser(service, "coordinator", name="Ann").post(address, said).status_code == 303


def cancel(service, bid):
    booking = row(service.register, "referral", bid)["booking_id"]
    ended = {"version": "1", "cancellation_reason": "The AP appealed.", "confirmed": "1"}
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post(f"/bookings/{booking}/cancellation", ended).status_code == 303


def test_a_bed_that_was_booked_and_cancelled_since_says_both(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    accept(service, address)
    cancel(service, bid)
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Accepted by Ann on 2 November 2026 at" in read
    assert "The booking: cancelled, because: The AP appealed." in read


def test_a_bed_cancelled_after_another_plan_was_made_is_told_as_well(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    accept(service, address)
    service.run()
    cancel(service, bid)
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "No finished plan has looked for one yet" not in read
    assert "No plan has looked for one since the bid is open again. An earlier plan had a" in read
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


def test_what_was_booked_for_many_proposals_is_read_in_pieces(planned):
    service, _, proposal = planned
    run = proposal["run_id"]
    for name in ("R1", "R4"):
        said = {"action": "accept", "accept_reason": "Agreed."}
        path = f"/runs/{run}/proposals/{name}"
        assert Browser(service, "coordinator").post(path, said).status_code == 303
    rows_there = [each for each in rows(service.register, "proposal") if each["booking_id"]]
    asked = []
    engine = service.register.database.engine
    event.listen(engine, "before_cursor_execute", lambda *all: asked.append(all[2]))
    with service.register.reading() as connection:
        change = service.register.change(connection, COORDINATOR)
        counts = []
        for proposals in (rows_there[:1], rows_there):
            asked.clear()
            found = booked_of(change, proposals)
            counts.append(len(asked))
            assert found.keys() == {each["id"] for each in proposals}
    assert len(rows_there) > 1 and counts[0] == counts[1]

"""Nobody is dropped because nobody said whether they came."""

import pytest

from api.access.actor import Role
from api.service.review import review
from tests.api.registers import COORDINATOR, row, rows
from tests.api.service import a_service
from tests.api.test_bookings import book

C, M = Role.COORDINATOR, Role.MANAGER
WHY = "arrival_not_recorded"


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def look(service):
    with service.register.changing(COORDINATOR) as change:
        return review(change)


def listed(client, path):
    return {each["id"]: each for each in client.get(path).json()["records"]}


def test_a_booking_that_began_without_a_word_puts_its_bid_on_the_list(service, ann):
    ann.post("/v1/escalations/R1/acknowledgement")
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=7)
    look(service)
    assert "R1" not in listed(ann, "/v1/escalations"), "the day of arrival is not over"
    service.moving.put_forward(days=1)
    look(service)
    found = listed(ann, "/v1/escalations?acknowledged=false")["R1"]
    assert found["flags"] == [WHY] and not found["without_bed"]
    assert found["escalation"]["due"] > service.moving.now().isoformat()
    assert "R1" in listed(ann, "/v1/flagged")
    known = ann.post("/v1/escalations/R1/acknowledgement")
    assert known.json()["escalation"]["acknowledged_by"] == "Ann"
    assert ann.post(f"/v1/bookings/{booking['id']}/arrival", {"day": "2026-11-09"}).is_success
    assert not {"R1"} & {*listed(ann, "/v1/escalations"), *listed(ann, "/v1/flagged")}


def test_the_list_is_said_once_and_climbed_like_any(service, ann):
    book(ann, "R4", "B-1", "2026-11-16", "2027-02-08")
    service.moving.put_forward(days=16)
    look(service)
    before = row(service.register, "referral", "R4")
    look(service)
    assert row(service.register, "referral", "R4") == before
    assert len([flag for flag in rows(service.register, "flag") if flag["why"] == WHY]) == 1
    service.moving.put_forward(days=3)
    top = before["rung"] == len(service.register.policy.escalation) - 1
    assert top or "R4" in {each["id"] for each in look(service)}


def test_a_stay_that_is_over_without_an_arrival_opens_its_bid_again(service, ann):
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=91)
    look(service)
    bid = row(service.register, "referral", "R1")
    assert (bid["status"], bid["booking_id"], bid["failed_attempts"]) == ("open", None, 1)
    assert row(service.register, "booking", booking["id"])["status"] == "notArrived"
    assert "R1" in listed(ann, "/v1/referrals?without_bed=true")
    found = listed(ann, "/v1/escalations?acknowledged=false")["R1"]
    assert found["flags"] == [], "what was asked of the booking is settled"
    (attempt,) = rows(service.register, "attempt")
    assert attempt["code"] == WHY and attempt["details"] == {"booking_id": booking["id"]}


def test_who_is_not_arrived_is_no_longer_asked_about(service, ann):
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=8)
    look(service)
    assert ann.post(f"/v1/bookings/{booking['id']}/non-arrival", {"reason": "no"}).is_success
    assert WHY not in listed(ann, "/v1/escalations")["R1"]["flags"]


def test_an_acknowledgement_does_not_outlive_the_booking(service, ann):
    ann.post("/v1/escalations/R2/acknowledgement")
    booking = book(ann, "R2", "A-2").json()
    service.moving.put_forward(days=7)
    assert ann.post(f"/v1/bookings/{booking['id']}/non-arrival", {"reason": "no"}).is_success
    bid = row(service.register, "referral", "R2")
    assert bid["rung_acknowledged_by"] is None and bid["rung_due"] > service.moving.now()
    assert "R2" in listed(ann, "/v1/escalations?acknowledged=false")

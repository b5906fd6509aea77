"""A bed that stays booked for somebody who left before they were to move there."""

import pytest

from api.access.actor import Role
from api.service.review import review
from tests.api.registers import COORDINATOR, row, rows
from tests.api.service import a_service
from tests.api.test_bookings import book

FLAG = "left_before_moving"
GONE = {"day": "2026-11-17", "reason": "recalled"}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(Role.COORDINATOR, Role.MANAGER, name="Ann")


@pytest.fixture
def moving(service, ann):
    """R4 has been in B-1 since the 16th, and is to move to B-2 on 20 November; it is the 17th."""
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()["id"]
    service.moving.put_forward(days=15)
    assert ann.post(f"/v1/bookings/{first}/arrival", {"day": "2026-11-16"}).is_success
    body = {"bed_id": "B-2", "day": "2026-11-20", "reason": "repairs"}
    return first, ann.post(f"/v1/bookings/{first}/transfer", body).json()["id"]


def flags(ann):
    return ann.get("/v1/referrals/R4").json()["flags"]


def look(service):
    """As a worker does every minute."""
    with service.register.changing(COORDINATOR) as change:
        review(change)


def withdrawn(service, ann, booking):
    version = row(service.register, "booking", booking)["version"]
    said, sent = {"reason": "a mistake"}, {"If-Match": f'"{version}"'}
    return ann.post(f"/v1/bookings/{booking}/withdrawal", said, headers=sent)


def test_the_bid_of_who_left_is_flagged_until_the_booking_that_was_to_follow_is_cancelled(
    service, ann, moving
):
    first, second = moving
    assert flags(ann) == []
    assert ann.post(f"/v1/bookings/{first}/departure", GONE).is_success
    assert flags(ann) == [FLAG]
    look(service)
    told = [each for each in rows(service.register, "flag") if each["why"] == FLAG]
    assert [each["about"] for each in told] == [second], "told once"
    assert row(service.register, "booking", second)["status"] == "upcoming", "nothing is undone"
    assert ann.post(f"/v1/bookings/{second}/cancellation", {"reason": "recalled"}).is_success
    assert flags(ann) == []
    brief = ann.get("/v1/referrals/R4/brief").json()["booking"]
    assert (brief["id"], brief["status"]) == (first, "departed"), "where they were last"


@pytest.mark.parametrize("back", ["arrival", "withdrawal"])
def test_who_has_not_left_after_all_is_not_flagged_any_more(service, ann, moving, back):
    first, second = moving
    assert ann.post(f"/v1/bookings/{first}/departure", GONE).is_success
    if back == "withdrawal":
        assert withdrawn(service, ann, first).is_success
    else:
        service.moving.put_forward(days=3)
        assert ann.post(f"/v1/bookings/{second}/arrival", {"day": "2026-11-20"}).is_success
    assert flags(ann) == []


def test_the_flag_goes_with_the_booking_into_another_bed_and_comes_back_with_it(
    service, ann, moving
):
    first, second = moving
    assert ann.post(f"/v1/bookings/{first}/departure", GONE).is_success
    body = {"bed_id": "B-1", "day": "2026-11-20", "reason": "needed"}
    third = ann.post(f"/v1/bookings/{second}/transfer", body)
    assert third.status_code == 201, third.text
    assert flags(ann) == [FLAG]
    service.moving.put_forward(days=3)
    url = f"/v1/bookings/{third.json()['id']}"
    assert ann.post(f"{url}/non-arrival", {"reason": "recalled"}).is_success
    assert flags(ann) == []
    assert withdrawn(service, ann, third.json()["id"]).is_success
    assert flags(ann) == [FLAG]


def test_who_is_there_or_has_moved_is_not_flagged(service, ann, moving):
    first, _ = moving
    body = {"bed_id": "B-2", "day": "2026-11-18", "reason": "sooner"}
    assert ann.post(f"/v1/bookings/{first}/transfer", body).status_code == 201
    service.moving.put_forward(days=1)
    look(service)
    assert flags(ann) == []

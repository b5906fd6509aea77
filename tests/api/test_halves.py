"""A transfer from a day to come: what becomes of the first half of the stay."""

import pytest

from api.access.actor import Role
from api.store.snapshot import snapshot
from tests.api.registers import row
from tests.api.service import a_service
from tests.api.test_bookings import book

C, M = Role.COORDINATOR, Role.MANAGER


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


@pytest.fixture
def halves(service, ann):
    """R4 has been in B-1 since the 16th, and is to move to B-2 on 20 November."""
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()
    service.moving.put_forward(days=14)
    assert ann.post(f"/v1/bookings/{first['id']}/arrival", {"day": "2026-11-16"}).is_success
    body = {"bed_id": "B-2", "day": "2026-11-20", "reason": "repairs"}
    second = ann.post(f"/v1/bookings/{first['id']}/transfer", body)
    assert second.status_code == 201, second.text
    return first["id"], second.json()["id"]


def test_a_transfer_called_off_gives_its_nights_back(service, ann, halves):
    first, second = halves
    assert ann.post(f"/v1/bookings/{second}/cancellation", {"reason": "mended"}).is_success
    found = row(service.register, "booking", first)
    assert (found["status"], found["departure"].isoformat()) == ("arrived", "2027-02-08")
    assert row(service.register, "booking", second)["status"] == "cancelled"


def test_who_did_not_move_stays_where_they_are(service, ann, halves):
    first, second = halves
    service.moving.put_forward(days=5)
    assert ann.post(f"/v1/bookings/{second}/non-arrival", {"reason": "unwell"}).is_success
    found = row(service.register, "booking", first)
    assert (found["status"], found["departure"].isoformat()) == ("arrived", "2027-02-08")
    with service.register.reading() as connection:
        sql = "SELECT count(*) FROM bed_nights WHERE bed_id = 'B-1' AND night >= '2026-11-21'"
        assert connection.exec_driver_sql(sql).scalar() == 79, "every night from today on"


def test_a_transfer_is_not_called_off_when_the_first_bed_is_somebody_elses(service, ann, halves):
    first, second = halves
    bid = ann.get("/v1/referrals/R4").json()["details"]
    other = {**bid, "id": "N1", "crn": "X000888", "release_date": "2026-12-01"}
    other |= {"latest_arrival": "2026-12-01", "nights": 10}
    assert ann.post("/v1/referrals", other).status_code == 201
    made = book(ann, "N1", "B-1", "2026-12-01", "2026-12-11")
    assert made.status_code == 201, made.text
    answer = ann.post(f"/v1/bookings/{second}/cancellation", {"reason": "mended"})
    assert answer.status_code == 409 and answer.json()["code"] == "no-bed-to-return-to"
    assert answer.json()["because"] == "bed-taken" and first in answer.json()["detail"]
    taken = "is taken from 2026-12-01 to 2026-12-11: Ann booked it on"
    assert taken in answer.json()["detail"] and answer.json()["taken_by"] == "Ann"
    assert answer.json()["departure"] == "2026-12-11"
    assert row(service.register, "booking", second)["status"] == "upcoming"
    service.moving.put_forward(days=4)
    gone = {"day": "2026-11-20", "reason": "moved on"}
    assert ann.post(f"/v1/bookings/{first}/departure", gone).is_success
    assert ann.post(f"/v1/bookings/{second}/non-arrival", {"reason": "gone"}).is_success


def test_who_has_moved_sleeps_in_one_place(service, ann, halves):
    first, second = halves
    service.moving.put_forward(days=4)
    assert ann.post(f"/v1/bookings/{second}/arrival", {"day": "2026-11-20"}).is_success
    found = row(service.register, "booking", first)
    assert (found["status"], found["departure"].isoformat()) == ("departed", "2026-11-20")
    assert [booking.id for booking in _held(service)] == [second]


def test_who_moved_sooner_left_the_first_bed_sooner(service, ann, halves):
    first, second = halves
    service.moving.put_forward(days=2)
    arrived = ann.post(f"/v1/bookings/{second}/arrival", {"day": "2026-11-18"})
    assert arrived.is_success and arrived.json()["arrival"] == "2026-11-18"
    found = row(service.register, "booking", first)
    assert (found["status"], found["departure"].isoformat()) == ("departed", "2026-11-18")
    early = ann.post(f"/v1/bookings/{second}/arrival", {"day": "2026-11-01"})
    assert early.status_code == 409


def test_who_leaves_on_the_day_they_came_has_held_no_night(service, ann):
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=7)
    url = f"/v1/bookings/{booking['id']}"
    assert ann.post(f"{url}/arrival", {"day": "2026-11-09"}).is_success
    left = {"day": "2026-11-09", "reason": "recalled"}
    answer = ann.post(f"{url}/departure", left)
    assert answer.is_success and answer.json()["status"] == "departed"
    assert ann.post(f"{url}/departure", left).json() == answer.json()
    assert _held(service) == ()
    assert book(ann, "R5", "A-1", "2027-01-31", "2027-04-25").status_code == 201


def _held(service):
    register = service.register
    with register.reading() as connection:
        return snapshot(connection, register.clock.today(), register.policy).bookings

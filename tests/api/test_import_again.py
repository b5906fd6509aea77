"""Files sent again: what people have recorded since stands, and nobody is placed without a bed."""

from dataclasses import replace
from datetime import date

import pytest

from allocator.booking import Booking
from allocator.nights import Stay
from api.access.actor import Role
from api.service.held import Held
from api.service.importing import import_problem
from tests.api.registers import COORDINATOR, row, rows, tiny
from tests.api.service import a_service
from tests.api.test_bookings import book

C, M = Role.COORDINATOR, Role.MANAGER


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def stay(arrival, departure):
    return Stay(date.fromisoformat(arrival), date.fromisoformat(departure))


def a_booking(identifier="K1", number=101, bed="A-1", nights=("2026-11-02", "2026-12-02"), **facts):
    """A booking of somebody of whom a request is known."""
    crn = f"X000{number}"
    about = replace(tiny().referrals[0], id=f"{identifier}/referral", crn=crn, offences=frozenset())
    return Booking(identifier, crn, "A", stay(*nights), bed_id=bed, referral=about, **facts)


def send(service, *bookings, seats=None):
    with service.register.changing(COORDINATOR) as change:
        return import_problem(change, replace(tiny(), bookings=bookings), seats or {})


def booking(service, identifier="K1"):
    return row(service.register, "booking", identifier)


def bid(service, identifier="K1"):
    return row(service.register, "referral", f"{identifier}.referral")


def test_who_has_arrived_is_not_sent_away_by_a_file_made_before(service, ann):
    send(service, a_booking())
    assert ann.post("/v1/bookings/K1/arrival", {"day": "2026-11-02"}).is_success
    send(service, a_booking(nights=("2026-11-02", "2026-12-09")))
    found = booking(service)
    assert (found["status"], found["departure"].isoformat()) == ("arrived", "2026-12-09")
    send(service, a_booking(nights=("2026-11-01", "2026-12-09")))
    assert booking(service)["arrival"].isoformat() == "2026-11-02"
    assert bid(service)["status"] == "arrived"


def test_an_extension_stands_unless_the_file_says_another_departure_than_before(service, ann):
    send(service, a_booking(resident=True))
    longer = {"departure": "2026-12-30", "reason": "move-on late"}
    headers = {"If-Match": f'"{booking(service)["version"]}"'}
    assert ann.post("/v1/bookings/K1/extension", longer, headers=headers).is_success
    send(service, a_booking(resident=True, nights=("2026-11-01", "2026-12-02")))
    assert booking(service)["departure"].isoformat() == "2026-12-30"
    send(service, a_booking(resident=True, nights=("2026-11-01", "2026-12-05")))
    assert booking(service)["departure"].isoformat() == "2026-12-05"


def test_a_stay_cut_by_a_transfer_keeps_its_end_and_its_bed(service, ann):
    send(service, a_booking(resident=True))
    away = {"bed_id": "A-2", "day": "2026-11-20", "reason": "repairs"}
    moved = ann.post("/v1/bookings/K1/transfer", away)
    assert moved.status_code == 201, moved.text
    send(service, a_booking(resident=True, nights=("2026-11-02", "2026-12-20")))
    found = booking(service)
    assert (found["departure"].isoformat(), found["surplus"]) == ("2026-11-20", False)


def test_the_bid_of_a_booking_that_no_bed_can_hold_is_open(service, ann):
    done = send(service, a_booking(), a_booking("K2", 102, nights=("2026-11-10", "2026-12-02")))
    assert done.surplus == ["K2"]
    assert (bid(service, "K2")["status"], bid(service, "K2")["booking_id"]) == ("open", None)
    assert bid(service)["status"] == "placed"
    without = ann.get("/v1/referrals?without_bed=true").json()["records"]
    assert "K2.referral" in {each["id"] for each in without}


def test_a_bid_is_open_again_when_its_booking_becomes_surplus_and_placed_when_it_fits(service):
    send(service, a_booking(), a_booking("K2", 102, nights=("2026-12-02", "2026-12-20")))
    assert bid(service, "K2")["status"] == "placed"
    long, late = a_booking(nights=("2026-11-02", "2026-12-10")), ("2026-12-02", "2026-12-21")
    send(service, long, a_booking("K2", 102, nights=late))
    found = bid(service, "K2")
    assert (found["status"], found["booking_id"]) == ("open", None)
    (attempt,) = rows(service.register, "attempt")
    assert attempt["code"] == "booking_surplus" and attempt["referral_id"] == "K2.referral"
    send(service, a_booking(), a_booking("K2", 102, nights=late))
    found = bid(service, "K2")
    assert (found["status"], found["booking_id"]) == ("placed", "K2")
    assert not booking(service, "K2")["surplus"]


def test_a_surplus_booking_gives_way_when_its_bid_is_placed_elsewhere(service, ann):
    send(service, a_booking(), a_booking("K2", 102, nights=("2026-11-10", "2026-12-02")))
    made = book(ann, "K2.referral", "A-2", "2026-11-10", "2026-12-02")
    assert made.status_code == 201, made.text
    assert booking(service, "K2")["status"] == "cancelled"
    assert bid(service, "K2")["booking_id"] == made.json()["id"]


def surplus(service, **facts):
    return send(service, a_booking(resident=True), a_booking("K2", 102, **facts))


def freed(service, ann):
    assert ann.post("/v1/bookings/K1/departure", {"day": "2026-11-04", "reason": "left"}).is_success


def nights(service, holder):
    with service.register.reading() as connection:
        sql = f"SELECT count(*) FROM bed_nights WHERE holder = '{holder}'"
        return connection.exec_driver_sql(sql).scalar()


def test_who_arrives_for_a_surplus_booking_gets_the_bed_once_it_is_free(service, ann):
    surplus(service, nights=("2026-11-04", "2026-12-02"))
    service.moving.put_forward(days=2)
    freed(service, ann)
    assert ann.post("/v1/bookings/K2/arrival", {"day": "2026-11-04"}).is_success
    assert not booking(service, "K2")["surplus"] and nights(service, "K2") == 28
    assert bid(service, "K2")["status"] == "arrived"


def test_who_arrives_though_the_bed_is_taken_is_surplus_and_there(service, ann):
    surplus(service)
    assert ann.post("/v1/bookings/K2/arrival", {"day": "2026-11-02"}).is_success
    found = booking(service, "K2")
    assert (found["status"], found["surplus"], nights(service, "K2")) == ("arrived", True, 0)
    assert bid(service, "K2")["status"] == "arrived"


@pytest.mark.parametrize("how", ["transfer", "extension", "import"])
def test_a_surplus_booking_gets_its_nights_when_its_bed_is_free(service, ann, how):
    surplus(service, nights=("2026-11-04", "2026-12-02"))
    service.moving.put_forward(days=2)
    freed(service, ann)
    identifier = "K2"
    if how == "transfer":
        to = {"bed_id": "A-1", "day": "2026-11-04", "reason": "it is free"}
        made = ann.post("/v1/bookings/K2/transfer", to)
        assert made.status_code == 201, made.text
        identifier = made.json()["id"]
    elif how == "extension":
        to = {"departure": "2026-12-02", "reason": "it is free"}
        headers = {"If-Match": f'"{booking(service, "K2")["version"]}"'}
        assert ann.post("/v1/bookings/K2/extension", to, headers=headers).is_success
    else:
        assert surplus(service, nights=("2026-11-04", "2026-12-02")).surplus == []
    assert not booking(service, identifier)["surplus"] and nights(service, identifier) == 28
    found = bid(service, "K2")
    assert (found["status"], found["booking_id"]) == ("placed", identifier)


def test_a_plan_has_somebody_with_a_surplus_booking_once(service, ann):
    send(service, a_booking(), a_booking("K2", 102, nights=("2026-11-10", "2026-12-02")))
    problem = ann.get("/v1/export/problem.json").json()
    assert "K2.referral" in {each["id"] for each in problem["referrals"]}
    assert "K2" not in {each["id"] for each in problem["bookings"]}


def test_who_has_arrived_by_the_files_waits_for_nothing(service, ann):
    """Proposals and flags of a bid that a file closes are settled as by any hand."""
    send(service, a_booking())
    given = ann.get("/v1/referrals/K1.referral").json()
    riskier = {**given["details"], "rosh": "Medium"}
    assert ann.put("/v1/referrals/K1.referral", riskier, given["version"]).is_success
    assert ann.get("/v1/flagged").json()["total"] == 1
    send(service, a_booking(resident=True))
    assert bid(service)["status"] == "arrived"
    assert ann.get("/v1/flagged").json()["total"] == 0


def test_a_booking_that_is_over_makes_no_bid(service, ann):
    send(service, replace(a_booking(), referral=None))
    assert ann.post("/v1/bookings/K1/cancellation", {"reason": "called off"}).is_success
    send(service, a_booking())
    assert "K1.referral" not in {each["id"] for each in rows(service.register, "referral")}


def test_letting_go_looks_at_one_bed_and_one_person(service):
    send(service, a_booking(), a_booking("K2", 102, "A-2"))
    with service.register.changing(COORDINATOR) as change:
        held = Held(change)
        held.let_go("K1")
        held.let_go("nothing")
        assert held.free({**booking(service), "id": "another"})
        assert not held.free({**booking(service, "K2"), "id": "another"})

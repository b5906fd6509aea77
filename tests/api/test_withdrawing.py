"""What was recorded of a stay by mistake is withdrawn: nothing is deleted, and all is as before."""

import pytest

from api.access.actor import Role
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.api.test_bookings import book
from tests.api.test_import_again import surplus
from tests.api.test_onward import look

C, M = Role.COORDINATOR, Role.MANAGER
WHY = {"reason": "It was another person."}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


@pytest.fixture
def stay(service, ann):
    """R2 is booked in A-2 from 9 November 2026, and it is the 10th."""
    booking = book(ann, "R2", "A-2").json()["id"]
    service.moving.put_forward(days=8)
    return booking


@pytest.fixture
def moving(service, ann):
    """R4 has been in B-1 since the 16th, and is to move to B-2 on 20 November."""
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()["id"]
    service.moving.put_forward(days=14)
    record(ann, first, "arrival", day="2026-11-16")
    body = {"bed_id": "B-2", "day": "2026-11-20", "reason": "repairs"}
    second = ann.post(f"/v1/bookings/{first}/transfer", body)
    assert second.status_code == 201, second.text
    return first, second.json()["id"]


def record(client, booking, what, **said):
    answer = client.post(f"/v1/bookings/{booking}/{what}", said)
    assert answer.status_code == 200, answer.text


def withdraw(client, service, booking, body=None):
    version = row(service.register, "booking", booking)["version"]
    match = {"If-Match": f'"{version}"'}
    return client.post(f"/v1/bookings/{booking}/withdrawal", body or WHY, headers=match)


def extend(client, service, booking, departure):
    match = {"If-Match": f'"{row(service.register, "booking", booking)["version"]}"'}
    body = {"departure": departure, "reason": "Move-on is late."}
    answer = client.post(f"/v1/bookings/{booking}/extension", body, headers=match)
    assert answer.status_code == 200, answer.text


def but_versions(register, booking, bid):
    found = row(register, "booking", booking), row(register, "referral", bid)
    return [{name: value for name, value in each.items() if name != "version"} for each in found]


def nights(service, booking):
    with service.register.reading() as connection:
        sql = f"SELECT bed_id, night FROM bed_nights WHERE holder = '{booking}' ORDER BY night"
        return connection.exec_driver_sql(sql).all()


def test_an_arrival_that_was_a_mistake_leaves_booking_and_bid_as_they_were(service, ann, stay):
    before, held = but_versions(service.register, stay, "R2"), nights(service, stay)
    record(ann, stay, "arrival", day="2026-11-10")
    answer = withdraw(ann, service, stay)
    assert answer.status_code == 200 and answer.json()["status"] == "upcoming"
    assert but_versions(service.register, stay, "R2") == before
    assert nights(service, stay) == held
    told = [each["action"] for each in ann.get("/v1/referrals/R2/timeline").json()]
    arrived, withdrawn = told.index("booking.arrived"), told.index("booking.arrival_withdrawn")
    assert arrived < withdrawn, "what was recorded stays"
    record(ann, stay, "arrival", day="2026-11-09")


def test_a_departure_that_was_a_mistake_gives_the_person_the_bed_again(service, ann, stay):
    record(ann, stay, "arrival", day="2026-11-09")
    before, held = but_versions(service.register, stay, "R2"), nights(service, stay)
    record(ann, stay, "departure", day="2026-11-10", reason="gone")
    assert withdraw(ann, service, stay).json()["status"] == "arrived"
    assert but_versions(service.register, stay, "R2") == before
    assert nights(service, stay) == held
    assert withdraw(ann, service, stay).json()["status"] == "upcoming", "the arrival was one too"


def test_a_non_arrival_that_was_a_mistake_places_the_bid_and_counts_no_attempt(service, ann, stay):
    before = but_versions(service.register, stay, "R2")
    record(ann, stay, "non-arrival", reason="not seen")
    assert row(service.register, "referral", "R2")["failed_attempts"] == 1
    assert "did_not_arrive" in ann.get("/v1/no-bed-record.csv").text
    assert withdraw(ann, service, stay).status_code == 200
    booking, bid = but_versions(service.register, stay, "R2")
    assert booking == before[0]
    assert (bid["status"], bid["booking_id"]) == ("placed", stay)
    assert (bid["failed_attempts"], bid["last_attempt_day"]) == (0, None)
    (attempt,) = rows(service.register, "attempt")
    assert attempt["code"] == "withdrawn" and "another person" in attempt["text"]
    assert len(ann.get("/v1/no-bed-record.csv").text.splitlines()) == 1, "its first row alone"


def test_what_happened_before_a_withdrawal_is_not_taken_for_how_it_was(service, ann, stay):
    record(ann, stay, "arrival", day="2026-11-10")
    extend(ann, service, stay, "2027-02-05")
    assert withdraw(ann, service, stay).status_code == 200
    before = but_versions(service.register, stay, "R2")[0]
    record(ann, stay, "non-arrival", reason="not seen")
    assert withdraw(ann, service, stay).json()["status"] == "upcoming"
    assert but_versions(service.register, stay, "R2")[0] == before
    record(ann, stay, "arrival", day="2026-11-10")
    assert withdraw(ann, service, stay).json()["status"] == "upcoming", "as often as it is wrong"
    assert withdraw(ann, service, stay).json()["code"] == "nothing-to-withdraw"


def test_the_bid_of_a_stay_that_no_bed_can_hold_is_open_as_it_was(service, ann):
    surplus(service)
    before = but_versions(service.register, "K2", "K2.referral")
    assert before[1]["status"] == "open"
    for what, said in (("non-arrival", {"reason": "unwell"}), ("arrival", {"day": "2026-11-02"})):
        record(ann, "K2", what, **said)
        assert withdraw(ann, service, "K2").json()["status"] == "upcoming"
        assert but_versions(service.register, "K2", "K2.referral") == before, what


def test_a_bed_that_somebody_else_has_by_now_is_not_taken_from_them(service, ann, stay):
    record(ann, stay, "non-arrival", reason="not seen")
    assert book(ann, "R3", "A-2", "2026-11-16").status_code == 201
    answer = withdraw(ann, service, stay)
    assert answer.status_code == 409 and answer.json()["code"] == "bed-taken"
    assert row(service.register, "booking", stay)["status"] == "notArrived"


def test_a_bid_that_was_closed_since_stays_closed(service, ann, stay):
    record(ann, stay, "non-arrival", reason="not seen")
    match = {"If-Match": f'"{row(service.register, "referral", "R2")["version"]}"'}
    gone = {"reason": "recalled"}
    assert ann.post("/v1/referrals/R2/withdrawal", gone, headers=match).status_code == 200
    answer = withdraw(ann, service, stay)
    assert answer.status_code == 409 and answer.json()["code"] == "later-facts"


def test_a_system_takes_back_an_arrival_and_claims_no_nights_anew(service, ann, stay):
    system = service.client(Role.SERVICE, name="Feed")
    for what, said in (
        ("non-arrival", {"reason": "not seen"}),
        ("departure", {"day": "2026-11-10", "reason": "gone"}),
    ):
        if what == "departure":
            record(ann, stay, "arrival", day="2026-11-09")
        record(system, stay, what, **said)
        answer = withdraw(system, service, stay)
        assert answer.status_code == 403 and "only a named person" in answer.json()["detail"]
        assert withdraw(ann, service, stay).status_code == 200, what
    assert withdraw(system, service, stay).json()["status"] == "upcoming"


def test_an_arrival_is_not_withdrawn_once_the_person_was_transferred(service, ann, moving):
    first, _ = moving
    answer = withdraw(ann, service, first)
    assert answer.status_code == 409 and answer.json()["code"] == "later-facts"


def test_who_did_not_come_to_the_second_bed_has_not_left_the_first(service, ann, moving):
    first, second = moving
    service.moving.put_forward(days=5)
    record(ann, second, "arrival", day="2026-11-20")
    answer = withdraw(ann, service, first)
    assert answer.status_code == 409 and answer.json()["booking_id"] == second
    assert withdraw(ann, service, second).json()["status"] == "upcoming"
    assert row(service.register, "booking", first)["status"] == "arrived"
    bid = row(service.register, "referral", "R4")
    assert (bid["status"], bid["booking_id"]) == ("arrived", second), "they came to the first bed"
    record(ann, second, "non-arrival", reason="unwell")
    assert row(service.register, "referral", "R4")["status"] == "arrived"
    answer = withdraw(ann, service, second)
    assert answer.status_code == 409 and answer.json()["booking_id"] == first


def test_a_non_arrival_is_withdrawn_though_the_stay_was_moved_as_a_whole_before_it_began(
    service, ann
):
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()["id"]
    body = {"bed_id": "B-2", "day": "2026-11-16", "reason": "repairs"}
    second = ann.post(f"/v1/bookings/{first}/transfer", body).json()["id"]
    service.moving.put_forward(days=15)
    record(ann, second, "non-arrival", reason="Nobody came.")
    assert row(service.register, "referral", "R4")["status"] == "open"
    assert withdraw(ann, service, second).status_code == 200
    bid, stay = row(service.register, "referral", "R4"), row(service.register, "booking", second)
    assert (bid["status"], bid["booking_id"], bid["failed_attempts"]) == ("placed", second, 0)
    assert (stay["status"], stay["bed_id"]) == ("upcoming", "B-2")
    assert row(service.register, "booking", first)["status"] == "cancelled"


def test_a_non_arrival_after_which_the_first_bed_was_kept_is_not_withdrawn(service, ann, moving):
    first, second = moving
    body = {"bed_id": "B-1", "day": "2026-11-20", "reason": "done already"}
    third = ann.post(f"/v1/bookings/{second}/transfer", body).json()["id"]
    service.moving.put_forward(days=5)
    record(ann, third, "non-arrival", reason="Nobody came.")
    assert row(service.register, "booking", first)["departure"].isoformat() == "2027-02-08"
    refused = withdraw(ann, service, third)
    assert (refused.status_code, refused.json()["booking_id"]) == (409, first)
    assert "transfer them again" in refused.json()["detail"]


def test_who_kept_the_first_bed_and_left_it_since_has_that_departure_withdrawn_first(
    service, ann, moving
):
    first, second = moving
    service.moving.put_forward(days=6)
    record(ann, second, "non-arrival", reason="Nobody came.")
    record(ann, first, "departure", day="2026-11-21", reason="Left.")
    refused = withdraw(ann, service, second)
    assert (refused.status_code, refused.json()["booking_id"]) == (409, first)
    assert "withdraw that departure first" in refused.json()["detail"]
    assert withdraw(ann, service, first).json()["status"] == "arrived"
    assert "transfer them again" in withdraw(ann, service, second).json()["detail"]


def test_who_had_left_the_first_bed_by_the_move_may_have_the_second_again(service, ann, moving):
    first, second = moving
    service.moving.put_forward(days=4)
    record(ann, first, "departure", day="2026-11-19", reason="Left.")
    service.moving.put_forward(days=1)
    record(ann, second, "non-arrival", reason="Nobody came.")
    assert withdraw(ann, service, second).json()["status"] == "upcoming"
    assert row(service.register, "booking", first)["status"] == "departed"


def test_what_nobody_recorded_cannot_be_withdrawn(service, ann, stay):
    assert withdraw(ann, service, stay).json()["code"] == "nothing-to-withdraw"
    record(ann, stay, "cancellation", reason="called off")
    assert withdraw(ann, service, stay).json()["code"] == "nothing-to-withdraw"


def test_it_is_withdrawn_with_a_reason_and_as_it_was_seen(service, ann, stay):
    record(ann, stay, "arrival", day="2026-11-09")
    url = f"/v1/bookings/{stay}/withdrawal"
    assert ann.post(url, WHY).status_code == 428
    assert ann.post(url, WHY, headers={"If-Match": '"1"'}).status_code == 412
    assert withdraw(ann, service, stay, {"reason": " "}).status_code == 422
    assert row(service.register, "booking", stay)["status"] == "arrived"
    planner = service.client("planner")
    assert withdraw(planner, service, stay).status_code == 403


@pytest.fixture
def left(ann, moving):
    """They were said to have left on the 16th, and the booking in B-2 was cancelled with that."""
    first, second = moving
    record(ann, first, "departure", day="2026-11-16", reason="recalled")
    record(ann, second, "cancellation", reason="recalled")
    return first


def test_who_has_not_left_has_the_nights_of_the_move_that_was_called_off_with_it(
    service, ann, left
):
    held = withdraw(ann, service, left).json()
    assert (held["status"], held["departure"]) == ("arrived", "2027-02-08")
    assert held["version"] == row(service.register, "booking", left)["version"]
    assert ann.get("/v1/referrals/R4").json()["flags"] == []


def test_where_those_nights_are_somebody_elses_the_bid_says_so_until_the_stay_is_longer(
    service, ann, left
):
    other = book(ann, "R5", "B-1", "2027-01-31", "2027-04-25")
    assert other.status_code == 201, other.text
    held = withdraw(ann, service, left).json()
    assert (held["status"], held["departure"]) == ("arrived", "2026-11-20")
    assert ann.get("/v1/referrals/R4").json()["flags"] == ["move_called_off"]
    look(service)
    assert ann.get("/v1/referrals/R4").json()["flags"] == ["move_called_off"]
    extend(ann, service, left, "2027-01-31")
    assert ann.get("/v1/referrals/R4").json()["flags"] == []


def test_a_move_that_was_called_off_before_they_left_is_not_theirs_again(service, ann, moving):
    first, second = moving
    record(ann, second, "cancellation", reason="mended")
    extend(ann, service, first, "2026-11-20")
    record(ann, first, "departure", day="2026-11-16", reason="recalled")
    held = withdraw(ann, service, first).json()
    assert (held["status"], held["departure"]) == ("arrived", "2026-11-20")
    assert ann.get("/v1/referrals/R4").json()["flags"] == []

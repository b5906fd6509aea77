"""Holds: kept for the higher bands, refused to others, passed over with a reason, and ended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from allocator.nights import Stay
from allocator.vocabulary import Rosh
from api.access.actor import Role
from api.service import holds
from api.service.holds import MOST_DAYS
from api.service.refusals import ConflictError, NotAllowedError
from api.service.review import review
from api.store.snapshot import snapshot
from api.store.tables import EVENT_PAYLOADS, EVENTS
from api.store.verify import verify
from tests.api.filled import a_filled_register, a_person, a_system
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.builders import (
    AS_OF,
    a_booking,
    a_problem,
    a_referral,
    a_stay,
    an_estate,
    day,
    out_of_service,
)

C, M, P, S = Role.COORDINATOR, Role.MANAGER, Role.PLANNER, Role.SERVICE
BED, OTHER = "P1-R1-B1", "P1-R2-B1"
LONG = {"release_date": 1, "latest_arrival": 3, "nights": 10}


def problem(**parts):
    people = [
        a_referral("high", rosh=Rosh.VERY_HIGH, **LONG),
        a_referral("low", **LONG),
        a_referral("low-2", **LONG),
        a_referral("unknown", rosh=None, **LONG),
    ]
    return a_problem(**({"referrals": people} | an_estate({"P1": (1, 1)}) | parts))


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, problem())


def a_hold(**changes):
    wanted = {
        "bed_id": BED,
        "first_night": "2026-11-03",
        "last_night": "2026-11-22",
        "lowest_band": 1,
        "until": "2026-11-09",
        "why": "Three people of band 1 are expected this week.",
    }
    return wanted | changes


def held(service, **changes):
    answer = service.client(C, name="Ann").post("/v1/holds", a_hold(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def asked(who, **changes):
    body = {
        "referral_id": who,
        "bed_id": BED,
        "arrival": "2026-11-03",
        "departure": "2026-11-13",
        "reason": "asked for",
    }
    return body | changes


def book(service, who, **changes):
    return service.client(C, name="Bob").post("/v1/bookings", asked(who, **changes))


def payloads(service, action):
    wanted = (
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.action == action)
    )
    with service.register.reading() as connection:
        return list(connection.execute(wanted).scalars())


def sound(service):
    with service.register.reading() as connection:
        assert verify(connection).faults == []


def test_a_hold_is_seen_with_its_owner_its_bed_and_its_day(service):
    made = held(service)
    assert made["owner_name"] == made["made_by"] == "Ann" and made["status"] == "current"
    assert made["nights_left"] == [{"first_night": "2026-11-03", "last_night": "2026-11-22"}]
    planner = service.client(P)
    assert planner.get("/v1/holds").json()["records"] == [made]
    assert planner.get(f"/v1/holds/{made['id']}").json() == made
    bed = planner.get(f"/v1/beds/{BED}").json()
    assert bed["holds"] == [
        {
            "hold_id": made["id"],
            "lowest_band": 1,
            "until": "2026-11-09",
            "nights_left": made["nights_left"],
        }
    ]
    listed = {each["id"]: each["holds"] for each in planner.get("/v1/beds").json()["records"]}
    assert listed == {BED: bed["holds"], OTHER: []}
    sound(service)


def test_the_owner_is_who_is_named(service):
    made = held(service, owner_id="local:Cara", owner_name="Cara")
    assert (made["owner_name"], made["made_by"]) == ("Cara", "Ann")
    answer = service.client(C).post("/v1/holds", a_hold(owner_id="local:Cara"))
    assert answer.status_code == 422


def test_lists_are_filtered_and_paged(service):
    first = held(service, last_night="2026-11-08")
    second = held(service, bed_id=OTHER, until="2026-11-05")
    ann = service.client(C)
    assert [each["id"] for each in ann.get("/v1/holds").json()["records"]] == [
        second["id"],
        first["id"],
    ]
    page = ann.get("/v1/holds?limit=1").json()
    assert page["total"] == 2 and page["records"] == [second]
    rest = ann.get(f"/v1/holds?limit=1&after={page['after']}").json()
    assert rest["records"] == [first] and rest["after"] is None
    for query, wanted in (
        (f"bed_id={OTHER}", [second]),
        ("premises_id=P1&sort=first_night", sorted([first, second], key=lambda h: h["id"])),
        (f"owner_id={first['owner_id']}&bed_id={BED}", [first]),
        ("run_id=none", []),
        ("status=released", []),
    ):
        assert ann.get(f"/v1/holds?{query}").json()["records"] == wanted


def test_who_is_of_a_lower_band_is_refused_and_told_of_the_hold(service):
    made = held(service)
    answer = book(service, "low")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "held")
    assert (told["hold_id"], told["lowest_band"], told["until"]) == (made["id"], 1, "2026-11-09")
    assert (told["owner"], told["known_band"]) == ("Ann", 4)
    assert rows(service.register, "booking") == []
    assert rows(service.register, "hold")[0]["version"] == 1


def test_what_is_not_known_of_a_person_opens_no_held_bed(service):
    held(service)
    assert row(service.register, "referral", "unknown")["band"] == 1
    assert book(service, "unknown").json()["code"] == "held"
    assert book(service, "unknown", bed_id=OTHER).status_code == 201


def test_who_it_is_for_is_booked_and_the_nights_are_used(service):
    made = held(service)
    answer = book(service, "high", arrival="2026-11-05", departure="2026-11-15")
    assert answer.status_code == 201, answer.text
    now = service.client(C).get(f"/v1/holds/{made['id']}").json()
    assert now["status"] == "current"
    assert now["nights_left"] == [
        {"first_night": "2026-11-03", "last_night": "2026-11-04"},
        {"first_night": "2026-11-15", "last_night": "2026-11-22"},
    ]
    (booked,) = payloads(service, "booking.made")
    assert booked["holds_used"] == [made["id"]]
    (used,) = payloads(service, "hold.used")
    assert answer.json()["id"] not in str(used) and "high" not in str(used), "holds name nobody"
    sound(service)


def test_a_hold_all_of_whose_nights_are_used_has_ended(service):
    made = held(service, last_night="2026-11-12")
    assert book(service, "high").status_code == 201
    now = service.client(C).get(f"/v1/holds/{made['id']}").json()
    assert (now["status"], now["nights_left"]) == ("used", [])


@pytest.mark.parametrize(
    ("arrival", "departure", "status"),
    [("2026-11-03", "2026-11-05", 201), ("2026-11-03", "2026-11-06", 409)],
    ids=["gone on the first held day", "a night too long"],
)
def test_only_nights_that_are_held_are_kept(service, arrival, departure, status):
    held(service, first_night="2026-11-05", last_night="2026-11-20")
    assert book(service, "low", arrival=arrival, departure=departure).status_code == status


def test_a_hold_is_passed_over_with_a_reason_that_is_kept_with_the_booking(service):
    made = held(service, last_night="2026-11-12")
    answer = book(service, "low", override_hold="Nobody else can have them.")
    assert answer.status_code == 201, answer.text
    assert row(service.register, "hold", made["id"])["status"] == "overridden"
    (booked,) = payloads(service, "booking.made")
    assert booked["holds_overridden"] == [made["id"]]
    assert booked["override"] == "Nobody else can have them."
    (passed,) = payloads(service, "hold.overridden")
    assert "Nobody" not in str(passed)
    report = service.client(M).get("/v1/holds/report").json()
    assert (report["made"], report["overridden"], report["used"]) == (1, 1, 0)
    sound(service)


def test_a_blank_reason_passes_nothing_over(service):
    held(service)
    assert book(service, "low", override_hold="  ").status_code == 422
    assert book(service, "low").status_code == 409


def test_a_hold_past_its_day_has_no_effect_before_the_review_has_been_round(service):
    made = held(service, until="2026-11-05")
    service.moving.put_forward(days=2)
    assert book(service, "low", arrival="2026-11-04").json()["code"] == "held"
    service.moving.put_forward(days=1)
    assert row(service.register, "hold", made["id"])["status"] == "current"
    ann = service.client(C)
    assert ann.get(f"/v1/holds/{made['id']}").json()["status"] == "expired"
    assert ann.get("/v1/holds?status=current").json()["total"] == 0
    assert ann.get("/v1/holds?status=expired").json()["total"] == 1
    assert ann.get(f"/v1/beds/{BED}").json()["holds"] == []
    late = {"arrival": "2026-11-05", "departure": "2026-11-15"}
    assert book(service, "low", **late).status_code == 201


def test_the_review_ends_it_and_open_bids_are_flagged(service):
    made = held(service, until="2026-11-05")
    service.moving.put_forward(days=2)
    for wanted in ("current", "expired"):
        with service.register.changing(a_system()) as change:
            review(change)
        assert row(service.register, "hold", made["id"])["status"] == wanted
        service.moving.put_forward(days=1)
    flagged = {each["referral_id"] for each in rows(service.register, "flag")}
    assert flagged == {"high", "low", "low-2", "unknown"}
    sound(service)


def test_a_hold_is_let_go_of_with_a_reason(service):
    made = held(service)
    url = f"/v1/holds/{made['id']}/release"
    ann = service.client(C)
    assert ann.post(url, {"reason": " "}).status_code == 422
    answer = ann.post(url, {"reason": "They have beds elsewhere."})
    assert answer.json()["status"] == "released"
    assert answer.json()["ended_reason"] == "They have beds elsewhere."
    assert ann.post(url, {"reason": "again"}).json() == answer.json()
    assert book(service, "low").status_code == 201


def test_a_hold_is_extended_by_a_named_person(service):
    made = held(service)
    ann, url = service.client(C, name="Cara"), f"/v1/holds/{made['id']}/extension"
    to = {"until": "2026-11-12", "reason": "One is still to come."}
    assert ann.post(url, to).status_code == 428
    assert ann.post(url, to, headers={"If-Match": '"7"'}).status_code == 412
    answer = ann.post(url, to, headers={"If-Match": '"1"'})
    assert answer.json()["until"] == "2026-11-12"
    (event,) = payloads(service, "hold.extended")
    assert (event["before"], event["reason"]) == ("2026-11-09", "One is still to come.")
    service.moving.put_forward(days=20)
    late = ann.post(url, {"until": "2026-12-01", "reason": "x"}, headers={"If-Match": '"2"'})
    assert late.json()["code"] == "not-lawful-now" and late.json()["status_now"] == "expired"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"until": AS_OF.isoformat()}, 422),
        ({"until": (AS_OF + timedelta(days=1)).isoformat()}, 201),
        ({"until": (AS_OF + timedelta(days=MOST_DAYS)).isoformat()}, 201),
        ({"until": (AS_OF + timedelta(days=MOST_DAYS + 1)).isoformat()}, 422),
        ({"first_night": "2026-11-01"}, 422),
        ({"first_night": "2026-11-02"}, 201),
        ({"last_night": "2026-11-02"}, 422),
        ({"lowest_band": 3}, 201),
        ({"lowest_band": 4}, 422),
        ({"lowest_band": 0}, 422),
        ({"bed_id": "no bed"}, 404),
        ({"why": None}, 422),
    ],
    ids=str,
)
def test_what_a_hold_may_be(service, changes, status):
    assert service.client(C).post("/v1/holds", a_hold(**changes)).status_code == status


def test_no_hold_is_made_on_nights_that_somebody_has(service):
    assert book(service, "low").status_code == 201
    ann = service.client(C)
    taken = ann.post("/v1/holds", a_hold(first_night="2026-11-12"))
    assert (taken.status_code, taken.json()["code"]) == (409, "bed-taken")
    held(service, first_night="2026-11-13")
    again = ann.post("/v1/holds", a_hold(first_night="2026-11-22", last_night="2026-11-25"))
    assert again.json()["code"] == "held-already"
    held(service, first_night="2026-11-23", last_night="2026-11-25")


def test_no_hold_where_the_bed_is_not_there_or_somebody_booked_has_none(tmp_path):
    surplus = a_booking("bkg-1", stay=a_stay(5, 2), bed_id=None)
    ends = an_estate({"P1": (1, 1)}, beds={OTHER: {"ends": day(10)}})
    made = problem(bookings=[surplus], out_of_service=[out_of_service(BED, 9, 1)], **ends)
    service = a_service(tmp_path, made)
    ann = service.client(C)

    def code(**changes):
        return ann.post("/v1/holds", a_hold(**changes)).json().get("code", "made")

    assert code(first_night="2026-11-11") == "bed-out-of-service"
    assert code(bed_id=OTHER, first_night="2026-11-11") == "bed-out-of-service"
    assert code(last_night="2026-11-07") == "surplus-there"
    assert code(last_night="2026-11-06") == "made"


def test_an_out_of_service_record_takes_held_nights_and_that_is_noted(service):
    made = held(service)
    entry = {
        "bed_id": BED,
        "first_night": "2026-11-10",
        "last_night": "2026-11-12",
        "reason": "repairs",
    }
    assert service.client(C).post("/v1/out-of-service", entry).status_code == 201
    now = service.client(C).get(f"/v1/holds/{made['id']}").json()
    assert [each["last_night"] for each in now["nights_left"]] == ["2026-11-09", "2026-11-22"]
    assert len(payloads(service, "hold.yielded")) == 1
    sound(service)


def test_a_stay_goes_on_or_moves_over_held_nights_only_with_a_reason(service):
    booking = book(service, "low").json()
    held(service, first_night="2026-11-13")
    held(service, bed_id=OTHER)
    ann = service.client(C)
    longer = {"departure": "2026-11-14", "reason": "a night more"}
    match = {"If-Match": '"1"'}
    url = f"/v1/bookings/{booking['id']}"
    assert ann.post(f"{url}/extension", longer, headers=match).json()["code"] == "held"
    over = {**longer, "override_hold": "no move-on yet"}
    assert ann.post(f"{url}/extension", over, headers=match).status_code == 200
    move = {"bed_id": OTHER, "day": "2026-11-03", "reason": "stairs"}
    assert ann.post(f"{url}/transfer", move).json()["code"] == "held"
    moved = ann.post(f"{url}/transfer", {**move, "override_hold": "cannot climb"})
    assert moved.status_code == 201, moved.text
    assert len(payloads(service, "hold.overridden")) == 2
    sound(service)


def test_a_shorter_stay_asks_nothing_of_a_hold(service):
    booking = book(service, "low").json()
    held(service, first_night="2026-11-13")
    shorter = {"departure": "2026-11-12", "reason": "a flat"}
    url = f"/v1/bookings/{booking['id']}/extension"
    answer = service.client(C).post(url, shorter, headers={"If-Match": '"1"'})
    assert answer.status_code == 200


def test_a_fact_wins_and_the_hold_gives_way(service):
    booking = book(service, "low", arrival="2026-11-05", departure="2026-11-15").json()
    made = held(service, first_night="2026-11-03", last_night="2026-11-04")
    service.moving.put_forward(days=1)
    came = service.client(C).post(f"/v1/bookings/{booking['id']}/arrival", {"day": "2026-11-03"})
    assert came.status_code == 200, came.text
    assert row(service.register, "hold", made["id"])["status"] == "yielded"
    sound(service)


def test_nights_that_a_booking_leaves_are_not_held_again(service):
    made = held(service)
    booking = book(service, "high").json()
    service.client(C).post(f"/v1/bookings/{booking['id']}/cancellation", {"reason": "recalled"})
    left = service.client(C).get(f"/v1/holds/{made['id']}").json()["nights_left"]
    assert left == [{"first_night": "2026-11-13", "last_night": "2026-11-22"}]
    assert book(service, "low").status_code == 201


def test_a_bed_that_was_held_is_not_taken_away(service):
    held(service)
    answer = service.client(Role.ADMINISTRATOR).delete(f"/v1/beds/{BED}", 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "in-use")


def test_a_system_and_a_planner_hold_nothing(service):
    for roles in ((S,), (P,)):
        assert service.client(*roles).post("/v1/holds", a_hold()).status_code == 403


# ---- on each database ------------------------------------------------------------------------


def wanted(bed=BED, first=1, nights=20, lowest_band=1, until=7):
    return holds.Wanted(bed, a_stay(first, nights), lowest_band, day(until), "expected")


def make(register, *, by=None, **changes):
    with register.changing(by or a_person()) as change:
        return holds.make(change, wanted(**changes))


@pytest.fixture
def register(database_url):
    found = a_filled_register(database_url, problem())
    yield found
    found.database.close()


def test_a_snapshot_has_what_is_in_force(register):
    made = make(register)
    with register.reading() as connection:
        for ahead, there in ((0, 1), (6, 1), (7, 0)):
            found = snapshot(connection, AS_OF + timedelta(days=ahead), register.policy)
            assert len(found.held) == there, ahead
    assert (made["status"], made["owner_name"]) == ("current", "A. Coordinator")


def test_only_people_make_and_end_holds(register):
    with pytest.raises(NotAllowedError):
        make(register, by=a_system())
    made = make(register)
    for command in (
        lambda change: holds.release(change, made["id"], "x"),
        lambda change: holds.extend(change, made["id"], day(8), "x", 1),
    ):
        with pytest.raises(NotAllowedError), register.changing(a_system()) as change:
            command(change)


def test_a_rebuilt_register_has_the_same_holds(register):
    make(register)
    other = make(register, bed=OTHER)
    with register.changing(a_person()) as change:
        holds.claim(change, BED, a_stay(4, 3), 1)
        holds.claim(change, BED, a_stay(9, 1), None, "no other way")
        holds.release(change, other["id"], "not needed")
    with register.reading() as connection:
        assert verify(connection).faults == []
        (found,) = snapshot(connection, AS_OF, register.policy, premises=frozenset({"P1"})).held[:1]
    assert found.nights == Stay(day(1), day(4))


def test_of_two_who_hold_one_bed_at_once_one_is_refused(register):
    make(register)
    with pytest.raises(ConflictError) as refused:
        make(register, first=20, nights=1)
    assert refused.value.code == "held-already"
    make(register, first=21, nights=1)


def test_a_file_that_books_somebody_on_held_nights_wins(register):
    from tests.api.filled import fill

    made = make(register)
    before = problem()
    stay = replace(a_booking("bkg-9", stay=a_stay(2, 3)), bed_id=BED, premises_id="P1")
    done = fill(register, before.with_bookings([stay]))
    assert done.holds_shrunk == [made["id"]]
    with register.reading() as connection:
        now = register.change(connection, a_person()).row("hold", made["id"])
        assert verify(connection).faults == []
    assert now["left"] == [["2026-11-03", "2026-11-04"], ["2026-11-07", "2026-11-23"]]

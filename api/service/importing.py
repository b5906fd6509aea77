"""Importing: what files say, brought into the register whole or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from allocator.booking import Booking
from allocator.estate import OutOfService
from allocator.problem import Problem
from allocator.referral import Referral
from api.service.bookings import new_booking
from api.service.change import Change
from api.service.new_id import new_id
from api.service.referrals import (
    changed_bid,
    new_bid,
    raise_flag,
    restricted_people,
    risk_differs,
)
from api.store import records
from api.store.apply import HOLDING
from api.store.marks import SYNTHETIC, is_synthetic
from api.store.tables import BOOKINGS, OUT_OF_SERVICE, REFERRALS
from api.store.values import Row, as_json

Span = tuple[date, date, str]


@dataclass(slots=True)
class Imported:
    """How many records of each kind are new or changed, and what could not be held."""

    recorded: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    surplus: list[str] = field(default_factory=list)
    """Bookings that no bed can hold: kept, listed, and without nights."""
    in_conflict: list[str] = field(default_factory=list)
    """Out-of-service records for nights on which somebody is booked in the bed."""
    closed: list[str] = field(default_factory=list)
    """Referrals that were left as they are: their bids are closed."""


def import_problem(change: Change, problem: Problem, seats: Mapping[str, str]) -> Imported:
    """Record what is new and what differs. Nothing that the files do not name is removed.

    `seats`: beds, by booking, for those whose file names none.
    """
    done = Imported()
    if problem.synthetic and not is_synthetic(change.connection):
        mark = {"id": SYNTHETIC, "version": 1, "at": change.at}
        change.record("register.marked", "mark", mark, by="import")
    _estate(change, problem, done)
    held = _Held(change)
    _bookings(change, problem, seats, held, done)
    _out_of_service(change, problem.out_of_service, held, done)
    _referrals(change, problem, done)
    _safeguards(change, problem, done)
    return done


def _estate(change: Change, problem: Problem, done: Imported) -> None:
    premises_of = {room.id: room.premises_id for room in problem.rooms}
    _put(change, "premises", [records.premises_row(p, 0) for p in problem.premises], done)
    _put(change, "room", [records.room_row(room, 0) for room in problem.rooms], done)
    beds = [records.bed_row(bed, premises_of[bed.room_id], 0) for bed in problem.beds]
    _put(change, "bed", beds, done)


def _put(change: Change, kind: str, rows: Iterable[Row], done: Imported) -> None:
    """Rows that are not there, and rows whose details differ from those that are."""
    there = {row["id"]: row for row in change.rows(kind)}
    fresh, changed = [], []
    for row in rows:
        before = there.get(row["id"])
        if before is None:
            fresh.append({**row, "version": 1})
        elif before["details"] != row["details"]:
            changed.append({**row, "version": before["version"] + 1})
    change.record_all(f"{kind}.recorded", kind, fresh, by="import")
    change.record_all(f"{kind}.changed", kind, changed, by="import")
    done.recorded[kind] += len(fresh)
    done.changed[kind] += len(changed)


class _Held:
    """Who holds which bed and which person's nights, before the database is asked."""

    def __init__(self, change: Change) -> None:
        self.beds: dict[str, list[Span]] = defaultdict(list)
        self.people: dict[str, list[Span]] = defaultdict(list)
        for row in change.rows("booking", BOOKINGS.c.status.in_(HOLDING), ~BOOKINGS.c.surplus):
            self.take(row)
        for row in change.rows(
            "out_of_service", ~OUT_OF_SERVICE.c.cancelled, ~OUT_OF_SERVICE.c.in_conflict
        ):
            self.beds[row["bed_id"]].append((row["first_night"], row["end"], row["id"]))

    def free(self, row: Row) -> bool:
        """Whether a booking could hold its nights."""
        first, end = row["held_from"], row["departure"]
        return self.is_free(row["bed_id"], first, end, row["id"]) and not _meets(
            self.people[row["crn"]], first, end, row["id"]
        )

    def is_free(self, bed_id: str | None, first: date, end: date, own: str) -> bool:
        return bed_id is not None and not _meets(self.beds[bed_id], first, end, own)

    def take(self, row: Row) -> None:
        if row["bed_id"] is not None:
            span = (row["held_from"], row["departure"], row["id"])
            self.beds[row["bed_id"]].append(span)
            self.people[row["crn"]].append(span)

    def let_go(self, identifier: str) -> None:
        for spans in (*self.beds.values(), *self.people.values()):
            spans[:] = [span for span in spans if span[2] != identifier]


def _meets(spans: Iterable[Span], first: date, end: date, own: str) -> bool:
    return any(f < end and first < e and who != own for f, e, who in spans)


def _bookings(
    change: Change, problem: Problem, seats: Mapping[str, str], held: _Held, done: Imported
) -> None:
    """New bookings, and those of which the files say something else than an import before did."""
    there = {row["id"]: row for row in change.rows("booking")}
    restricted = restricted_people(change)
    bids = {b.id: _bid_of(b) for b in problem.bookings if b.referral is not None}
    known = {row["id"] for row in change.rows("referral")}
    about = {
        bid.id: new_bid(change, bid, booking_id, restricted)
        for booking_id, bid in bids.items()
        if bid.id not in known
    }
    change.record_all("referral.recorded", "referral", about.values(), by="import")
    fresh: list[Row] = []
    changed: list[Row] = []
    wanted = [value for value in problem.bookings if _differs(value, there.get(value.id))]
    # All that changes lets go first: two bookings may have changed beds with each other.
    for value in wanted:
        held.let_go(value.id)
    # Who is there keeps the bed, whatever is booked; and what is known, whatever is new.
    for value in sorted(
        wanted, key=lambda b: (not b.resident, b.id not in there, b.stay.arrival, b.id)
    ):
        before = there.get(value.id)
        row = _row(change, replace(value, referral=None), value, seats, held, before)
        if row["surplus"]:
            done.surplus.append(value.id)
        (fresh if before is None else changed).append(row)
    # Changes first: what is new may hold nights that they let go.
    change.record_all("booking.changed", "booking", changed, by="import")
    change.record_all("booking.recorded", "booking", fresh, by="import")
    done.recorded["booking"] += len(fresh)
    done.changed["booking"] += len(changed)
    _mark_arrived(change, [*fresh, *changed])


def _differs(value: Booking, before: Row | None) -> bool:
    """Whether a file says what no import has said; a stay that is over stays as it was."""
    if before is None:
        return True
    same = before["details"] == records.details(replace(value, referral=None))
    return not same and before["status"] in HOLDING


def _row(
    change: Change,
    plain: Booking,
    value: Booking,
    seats: Mapping[str, str],
    held: _Held,
    before: Row | None,
) -> Row:
    row = new_booking(change, plain)
    row["referral_id"] = None if value.referral is None else _bid_of(value).id
    if before is not None:
        row |= {
            "version": before["version"] + 1,
            "referral_id": before["referral_id"] or row["referral_id"],
            "made_by": before["made_by"],
            "made_at": before["made_at"],
        }
    over = value.resident and value.stay.departure <= change.today
    if over:
        # Still there though due to leave: the nights to come are held as the policy supposes.
        stays_on = timedelta(days=max(1, change.policy.overstay_nights))
        row |= {"departure": change.today + stays_on, "held_from": change.today}
    if plain.bed_id is None:
        row |= {"bed_id": seats.get(value.id), "bed_inferred": True}
    if row["held_from"] >= row["departure"]:
        return row
    if row["bed_id"] is None or not held.free(row):
        return {**row, "surplus": True}
    held.take(row)
    return row


def _bid_of(booking: Booking) -> Referral:
    """The bid that a booking was made for, under an id that can stand in an address."""
    assert booking.referral is not None
    return replace(booking.referral, id=f"{booking.id}.referral".replace("/", "."))


def _mark_arrived(change: Change, rows: list[Row]) -> None:
    """Bids of people who are there already have come to their end."""
    here = {row["referral_id"] for row in rows if row["status"] == "arrived"} - {None}
    bids = [
        row for row in change.rows("referral", REFERRALS.c.status == "placed") if row["id"] in here
    ]
    change.record_all(
        "referral.arrived",
        "referral",
        [
            {
                **row,
                "status": "arrived",
                "closed_reason": "there already, as the files say",
                "version": row["version"] + 1,
            }
            for row in bids
        ],
        by="import",
    )


def _out_of_service(
    change: Change, wanted: Iterable[OutOfService], held: _Held, done: Imported
) -> None:
    there = {
        (row["bed_id"], row["first_night"], row["end"], row["reason"])
        for row in change.rows("out_of_service", ~OUT_OF_SERVICE.c.cancelled)
    }
    fresh: list[Row] = []
    premises_of = {row["id"]: row["premises_id"] for row in change.rows("bed")}
    for value in wanted:
        key = (value.bed_id, value.nights.arrival, value.nights.departure, value.reason)
        if key in there:
            continue
        row: Row = {
            "id": new_id(),
            "version": 1,
            "bed_id": value.bed_id,
            "premises_id": premises_of[value.bed_id],
            "first_night": value.nights.arrival,
            "end": value.nights.departure,
            "reason": value.reason,
            "cancelled": False,
            "in_conflict": not held.is_free(
                value.bed_id, value.nights.arrival, value.nights.departure, ""
            ),
        }
        if row["in_conflict"]:
            done.in_conflict.append(row["id"])
        else:
            held.beds[value.bed_id].append((row["first_night"], row["end"], row["id"]))
        fresh.append(row)
    change.record_all("out_of_service.recorded", "out_of_service", fresh, by="import")
    done.recorded["out_of_service"] += len(fresh)


def _referrals(change: Change, problem: Problem, done: Imported) -> None:
    there = {row["id"]: row for row in change.rows("referral")}
    restricted = restricted_people(change)
    fresh, changed, riskier = [], [], []
    for value in problem.referrals:
        before = there.get(value.id)
        if before is None:
            fresh.append(new_bid(change, value, restricted=restricted))
        elif before["status"] not in ("open", "placed"):
            done.closed.append(value.id)
        elif _says_more(before, records.details(value)):
            changed.append(changed_bid(change, before, value))
            if risk_differs(records.read(Referral, before), value):
                riskier.append(changed[-1])
    change.record_all("referral.recorded", "referral", fresh, by="import")
    change.record_all("referral.changed", "referral", changed, by="import")
    for row in riskier:
        raise_flag(change, [row], "risk_changed", row["id"])
    done.recorded["referral"] += len(fresh)
    done.changed["referral"] += len(changed)


def _says_more(before: Row, details: Row) -> bool:
    """Whether a file says something else; attempts are counted here and not in files."""
    without = {"failed_attempts"}
    return {k: v for k, v in before["details"].items() if k not in without} != {
        k: v for k, v in details.items() if k not in without
    }


def _safeguards(change: Change, problem: Problem, done: Imported) -> None:
    pairs = [records.separation_row(new_id(), each, 1) for each in problem.separations]
    zones = [records.zone_row(new_id(), each, 1) for each in problem.zones]
    for kind, rows in (("separation", pairs), ("zone", zones)):
        known = [as_json(row["details"]) for row in change.rows(kind)]
        seen = {repr(each) for each in known}
        fresh = [row for row in rows if repr(as_json(row["details"])) not in seen]
        change.record_all(f"{kind}.recorded", kind, fresh, by="import")
        done.recorded[kind] += len(fresh)


def as_numbers(done: Imported) -> dict[str, Any]:
    """What was done, as numbers and ids of records."""
    return {
        "recorded": dict(done.recorded),
        "changed": dict(done.changed),
        "surplus": done.surplus,
        "in_conflict": done.in_conflict,
        "left_closed": done.closed,
    }

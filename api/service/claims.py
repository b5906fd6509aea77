"""Claims: is a bed free for a stay, who has it if not, and who can be moved within the premises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise

from sqlalchemy import select

from allocator.nights import Stay
from api.service.change import Change
from api.service.held_nights import in_force, left_of
from api.service.refusals import ConflictError
from api.store.apply import HOLDING
from api.store.tables import BOOKINGS, HOLDS, OUT_OF_SERVICE, PERSON_NIGHTS
from api.store.values import Row

Seats = Callable[[], Mapping[str, str]]


def nowhere() -> Mapping[str, str]:
    """No plan says where inferred bookings could be."""
    return {}


def require_free(
    change: Change,
    crn: str,
    bed_id: str,
    stay: Stay,
    *,
    ignoring: Iterable[str] = (),
    seats: Seats = nowhere,
) -> list[Row]:
    """Raise ConflictError when the bed or the person is taken; bookings that must move first.

    `ignoring`: bookings that end or change with this. `seats`: where a plan seated inferred
    bookings, asked only when one is in the way; a bed that somebody named stays theirs.
    """
    skipped = set(ignoring)
    _person_is_free(change, crn, stay, skipped)
    return require_bed(change, bed_id, stay, skipped=skipped, seats=seats)


def require_bed(
    change: Change,
    bed_id: str,
    stay: Stay,
    *,
    skipped: Iterable[str] = (),
    seats: Seats = nowhere,
) -> list[Row]:
    """The same of the bed alone, whoever is to have it."""
    skipped = set(skipped)
    premises_id = change.row("bed", bed_id)["premises_id"]
    there = [row for row in _holding(change, premises_id) if row["id"] not in skipped]
    _in_service(change, bed_id, stay)
    in_the_way = [row for row in there if row["bed_id"] == bed_id and _meet(row, stay)]
    if not in_the_way:
        return []
    fixed = [row for row in in_the_way if not row["bed_inferred"]]
    if fixed:
        raise taken(bed_id, fixed[0])
    return _moved(change, there, seats(), bed_id, stay, in_the_way[0])


def taken(bed_id: str, row: Row) -> ConflictError:
    """The refusal that says who has the bed and since when, and nothing of the person in it."""
    return ConflictError(
        f"bed {bed_id} is taken from {row['held_from']} to {row['departure']}: "
        f"{row['made_by']} booked it on {row['made_at']:%Y-%m-%d at %H:%M} UTC",
        code="bed-taken",
        bed_id=bed_id,
        taken_by=row["made_by"],
        taken_at=row["made_at"].isoformat(),
        first_night=row["held_from"].isoformat(),
        departure=row["departure"].isoformat(),
    )


def _moved(
    change: Change,
    there: list[Row],
    seats: Mapping[str, str],
    bed_id: str,
    stay: Stay,
    blocker: Row,
) -> list[Row]:
    """The premises' inferred bookings in the beds of the plan, if all of that goes together."""
    moved = [
        {**row, "bed_id": seats[row["id"]], "version": row["version"] + 1}
        for row in there
        if row["bed_inferred"] and seats.get(row["id"], row["bed_id"]) != row["bed_id"]
    ]
    after = {row["id"]: row for row in (*there, *moved)}
    spans: dict[str, list[tuple[date, date]]] = {bed_id: [(stay.arrival, stay.departure)]}
    for row in after.values():
        if row["bed_id"] is not None and not row["surplus"]:
            spans.setdefault(row["bed_id"], []).append((row["held_from"], row["departure"]))
    for held in spans.values():
        held.sort()
        if any(later[0] < earlier[1] for earlier, later in pairwise(held)):
            raise taken(bed_id, blocker)
    for row in moved:
        span = Stay(row["held_from"], row["departure"])
        holds = in_force(change.connection, change.today, HOLDS.c.bed_id == row["bed_id"])
        if any(span.meets(left) for hold in holds for left in left_of(hold)):
            # Held since the plan was made: nobody is moved there to make room for another.
            raise taken(bed_id, blocker)
        _in_service(change, row["bed_id"], Stay(row["held_from"], row["departure"]))
    return moved


def _meet(row: Row, stay: Stay) -> bool:
    meet: bool = row["held_from"] < stay.departure and stay.arrival < row["departure"]
    return meet and not row["surplus"]


def _holding(change: Change, premises_id: str) -> list[Row]:
    return change.rows(
        "booking", BOOKINGS.c.premises_id == premises_id, BOOKINGS.c.status.in_(HOLDING)
    )


def _in_service(change: Change, bed_id: str, stay: Stay) -> None:
    closed = change.rows(
        "out_of_service",
        OUT_OF_SERVICE.c.bed_id == bed_id,
        ~OUT_OF_SERVICE.c.cancelled,
        OUT_OF_SERVICE.c.first_night < stay.departure,
        OUT_OF_SERVICE.c.end > stay.arrival,
    )
    if closed:
        raise ConflictError(
            f"bed {bed_id} is out of service from {closed[0]['first_night']} to {closed[0]['end']}",
            code="bed-out-of-service",
            bed_id=bed_id,
        )


def _person_is_free(change: Change, crn: str, stay: Stay, skipped: set[str]) -> None:
    nights = PERSON_NIGHTS.c.night
    found = change.connection.execute(
        select(PERSON_NIGHTS.c.holder)
        .where(
            PERSON_NIGHTS.c.crn == crn,
            nights >= stay.arrival,
            nights < stay.departure,
            PERSON_NIGHTS.c.holder.not_in(sorted(skipped) or [""]),
        )
        .limit(1)
    ).scalar()
    if found is not None:
        raise ConflictError(
            f"the person has a bed on some of these nights already: booking {found}",
            code="person-booked",
            booking_id=found,
        )

"""Claims: is a bed free for a stay, who has it if not, and who can be moved within the premises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from allocator.nights import Stay
from api.service.change import Change
from api.service.refusals import ConflictError
from api.service.seating import Clash, Seating
from api.service.shut_beds import shut_beds, shut_for
from api.store.apply import HOLDING
from api.store.tables import BEDS, BOOKINGS, OUT_OF_SERVICE, PERSON_NIGHTS
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
    return require_bed(change, bed_id, stay, skipped=skipped, seats=seats, comes_in=True)


def require_bed(
    change: Change,
    bed_id: str,
    stay: Stay,
    *,
    skipped: Iterable[str] = (),
    seats: Seats = nowhere,
    comes_in: bool = False,
) -> list[Row]:
    """The same of the bed alone, whoever is to have it.

    `comes_in`: somebody is to sleep there, and whom a plan moves out of the room moves too.
    """
    skipped = set(skipped)
    premises_id = change.row("bed", bed_id)["premises_id"]
    there = [row for row in _holding(change, premises_id) if row["id"] not in skipped]
    _in_service(change, bed_id, stay)
    rooms = rooms_of(change, premises_id)
    beds = {bed for bed, room in rooms.items() if room == rooms[bed_id]} if comes_in else {bed_id}
    met = [row for row in there if row["bed_id"] in beds and _meet(row, stay)]
    fixed = [row for row in met if row["bed_id"] == bed_id and not row["bed_inferred"]]
    if fixed:
        raise taken(bed_id, fixed[0])
    if not any(row["bed_inferred"] for row in met):
        return []
    return _moved(change, Seating(there, rooms).room_made(bed_id, stay, seats()), bed_id)


def taken(bed_id: str, row: Row) -> ConflictError:
    """The refusal that says who has the bed and since when, and nothing of the person in it."""
    return ConflictError(
        f"bed {bed_id} is taken from {row['held_from']} to {row['departure']}: {_booked_by(row)}",
        code="bed-taken",
        bed_id=bed_id,
        taken_by=row["made_by"],
        taken_at=row["made_at"].isoformat(),
        first_night=row["held_from"].isoformat(),
        departure=row["departure"].isoformat(),
    )


def _moved(change: Change, made: tuple[list[Row], Clash | None], bed_id: str) -> list[Row]:
    """Those who move to make room. Raises ConflictError where they cannot."""
    moved, clash = made
    if clash is not None:
        raise taken(bed_id, clash.row) if clash.mover is None else _no_way_on(bed_id, clash)
    shut = shut_for(moved, shut_beds(change, [change.row("bed", bed_id)["premises_id"]]))
    if shut is not None:
        row, why = shut
        raise _held_since(bed_id, why.hold) if why.hold else _closed(row["bed_id"], why.nights)
    return moved


def rooms_of(change: Change, premises_id: str) -> dict[str, str]:
    """By bed of the premises, its room."""
    rows = change.outlines("bed", ["room_id"], BEDS.c.premises_id == premises_id)
    return {row["id"]: row["room_id"] for row in rows}


def _no_way_on(bed_id: str, clash: Clash) -> ConflictError:
    """Somebody was to move out of the bed, and since the plan was made their own is taken."""
    row = clash.row
    return _not_freed(
        bed_id,
        clash.bed_id,
        f"is taken from {row['held_from']} to {row['departure']}: {_booked_by(row)}",
        taken_by=row["made_by"],
        taken_at=row["made_at"].isoformat(),
        first_night=row["held_from"].isoformat(),
        departure=row["departure"].isoformat(),
    )


def _held_since(bed_id: str, hold: Row) -> ConflictError:
    return _not_freed(
        bed_id,
        hold["bed_id"],
        f"is held for higher bands until {hold['until']}: {hold['made_by']} held it on "
        f"{_when(hold['made_at'])}",
        taken_by=hold["made_by"],
        taken_at=hold["made_at"].isoformat(),
        hold_id=hold["id"],
    )


def _not_freed(bed_id: str, moving_to: str, why: str, **facts: Any) -> ConflictError:
    return ConflictError(
        f"bed {bed_id} has somebody in it whose bed nobody has named. To make room the plan moves "
        f"people, and needs for that bed {moving_to} which {why}",
        code="bed-taken",
        bed_id=bed_id,
        moving_to=moving_to,
        **facts,
    )


def _booked_by(row: Row) -> str:
    return f"{row['made_by']} booked it on {_when(row['made_at'])}"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d at %H:%M} UTC"


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
        raise _closed(bed_id, Stay(closed[0]["first_night"], closed[0]["end"]))


def _closed(bed_id: str, nights: Stay) -> ConflictError:
    return ConflictError(
        f"bed {bed_id} is out of service from {nights.arrival} to {nights.departure}",
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

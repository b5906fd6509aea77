"""Holds: beds kept for people of the higher bands, by a named person, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from allocator.estate import Bed
from allocator.nights import Stay
from allocator.plain_words import bands_words
from api.service.change import Change, check_version
from api.service.claims import Seats, nowhere, require_bed, taken
from api.service.held_nights import (
    CURRENT,
    EXPIRED,
    OVERRIDDEN,
    RELEASED,
    USED,
    in_force,
    left_of,
    run_out,
    status_now,
    without,
)
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError, NotAllowedError
from api.store.apply import HOLDING
from api.store.records import read
from api.store.tables import BED_NIGHTS, BOOKINGS, HOLDS
from api.store.values import Row

MOST_DAYS = 31
"""So many days ahead somebody must say again that the bed is still to be held."""
MOST_NIGHTS = 366


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hold to be made. `owner`: id and name of who answers for it; None: whoever makes it."""

    bed_id: str
    nights: Stay
    lowest_band: int
    until: date
    why: str
    owner: tuple[str, str] | None = None
    run_id: str | None = None


def make(change: Change, wanted: Wanted, seats: Seats = nowhere) -> Row:
    """Keep a bed free. Raises ConflictError when somebody has it, or another hold.

    `seats`: where a plan seated bookings whose bed nobody named; they move there to let it be free.
    """
    _by_a_person(change)
    _in_reason(change, wanted)
    bed = change.row("bed", wanted.bed_id)
    _is_there(read(Bed, bed), wanted.nights)
    moved = require_bed(change, wanted.bed_id, wanted.nights, seats=seats)
    change.record_all("booking.reseated", "booking", moved)
    _is_free(change, bed, wanted.nights)
    owner = wanted.owner or (change.actor.id, change.actor.name)
    row = {
        "id": new_id(),
        "version": 1,
        "bed_id": wanted.bed_id,
        "premises_id": bed["premises_id"],
        "first_night": wanted.nights.arrival,
        "end": wanted.nights.departure,
        "left": [[wanted.nights.arrival.isoformat(), wanted.nights.departure.isoformat()]],
        "lowest_band": wanted.lowest_band,
        "until": wanted.until,
        "why": wanted.why,
        "owner_id": owner[0],
        "owner_name": owner[1],
        "made_by": change.actor.name,
        "made_at": change.at,
        "run_id": wanted.run_id,
        "status": CURRENT,
        "ended_reason": None,
    }
    return change.record("hold.made", "hold", row)


def release(change: Change, identifier: str, reason: str) -> Row:
    """Keep the bed no longer. Said again, it is the same."""
    row = change.row("hold", identifier)
    if row["status"] == RELEASED:
        return row
    _by_a_person(change)
    _must_be_in_force(change, row)
    after = _ended(row, RELEASED, reason)
    after = change.record("hold.released", "hold", after, reason=reason)
    _wake(change, row)
    return after


def extend(change: Change, identifier: str, until: date, reason: str, version: int | None) -> Row:
    """Another day on which it ends by itself, later or sooner; its owner stays who it was."""
    row = change.row("hold", identifier)
    check_version(row, version)
    _by_a_person(change)
    _must_be_in_force(change, row)
    _require_until(change, until)
    after = {**row, "until": until, "version": row["version"] + 1}
    return change.record("hold.extended", "hold", after, reason=reason, before=row["until"])


def claim(
    change: Change, bed_id: str, stay: Stay, known_band: int | None, override: str = ""
) -> dict[str, Any]:
    """Take the held nights of a stay that a person decides on; facts for the booking's event.

    `known_band`: of docs/model.md; None: nothing is known of the person, and every hold keeps
    them out. Raises ConflictError when a hold does and no reason is given for passing it over.
    """
    used, passed = met(change, bed_id, stay, known_band)
    if passed and not override.strip():
        raise kept_from(passed, known_band)
    change.record_all("hold.used", "hold", [without(row, [stay], USED) for row in used])
    # Why it was passed over is about a person, and stands in the booking's event.
    over = [without(row, [stay], OVERRIDDEN) for row in passed]
    change.record_all("hold.overridden", "hold", over)
    facts: dict[str, Any] = {}
    if used:
        facts["holds_used"] = [row["id"] for row in used]
    if passed:
        facts |= {"holds_overridden": [row["id"] for row in passed], "override": override}
    return facts


def met(
    change: Change, bed_id: str, stay: Stay, known_band: int | None
) -> tuple[list[Row], list[Row]]:
    """Holds that a stay meets: those that let the person in, and those that keep them out."""
    used: list[Row] = []
    passed: list[Row] = []
    for hold in in_force(change.connection, change.today, HOLDS.c.bed_id == bed_id):
        if any(stay.meets(span) for span in left_of(hold)):
            (passed if keeps_out(hold, stay, known_band) else used).append(hold)
    return used, passed


def keeps_out(hold: Row, stay: Stay, known_band: int | None) -> bool:
    """Whether the hold keeps somebody of this band from the stay."""
    lets_in = known_band is not None and known_band <= hold["lowest_band"]
    return not lets_in and any(stay.meets(span) for span in left_of(hold))


def yield_to(change: Change, bed_id: str, stay: Stay) -> None:
    """Nights that somebody has again who had them before the hold was made."""
    found = [
        without(hold, [stay], "yielded")
        for hold in in_force(change.connection, change.today, HOLDS.c.bed_id == bed_id)
        if any(stay.meets(span) for span in left_of(hold))
    ]
    change.record_all("hold.yielded", "hold", found, to="booking")


def expire(change: Change) -> list[Row]:
    """Holds whose day has come, or whose nights are past. They have had no effect since then."""
    rows = change.rows("hold", HOLDS.c.status == CURRENT, run_out(change.today))
    ended = [_ended(row, EXPIRED, None) for row in rows]
    after = change.record_all("hold.expired", "hold", ended)
    for row in rows:
        _wake(change, row)
    return after


def kept_from(holds: list[Row], known_band: int | None) -> ConflictError:
    """The refusal that says which hold keeps the person out, and who answers for it."""
    first = holds[0]
    bands = bands_words(first["lowest_band"])
    known = "is not known" if known_band is None else f"is known to be {known_band}"
    return ConflictError(
        f"bed {first['bed_id']} is held for {bands} until {first['until']} ({first['owner_name']} "
        f"answers for it), and this person's band {known}: choose another bed, mend what is not "
        "known of their risk, or say why the hold is passed over (override_hold)",
        code="held",
        bed_id=first["bed_id"],
        hold_id=first["id"],
        lowest_band=first["lowest_band"],
        until=first["until"].isoformat(),
        owner=first["owner_name"],
        holds=[row["id"] for row in holds],
        known_band=known_band,
    )


def _ended(row: Row, status: str, reason: str | None) -> Row:
    return {**row, "status": status, "ended_reason": reason, "version": row["version"] + 1}


def _wake(change: Change, row: Row) -> None:
    """Open bids that the nights could serve are looked at again."""
    to_come = [span for span in left_of(row) if span.departure > change.today]
    if to_come:
        first = max(change.today, to_come[0].arrival)
        change.frees(row["bed_id"], first, to_come[-1].departure)


def _must_be_in_force(change: Change, row: Row) -> None:
    status = status_now(row, change.today)
    if status != CURRENT:
        raise ConflictError(
            f"hold {row['id']} is {status}", code="not-lawful-now", status_now=status
        )


def _in_reason(change: Change, wanted: Wanted) -> None:
    last = len(change.policy.bands)
    if not 1 <= wanted.lowest_band < last:
        raise _wrong(
            "lowest_band",
            f"the lowest band must be from 1 to {last - 1}: held for all {last} bands, a bed is "
            "held for nobody",
        )
    if wanted.nights.arrival < change.today:
        raise _wrong(
            "first_night",
            f"the first night, {wanted.nights.arrival}, is before today, {change.today}",
        )
    if wanted.nights.nights > MOST_NIGHTS:
        raise _wrong("last_night", f"a hold has at most {MOST_NIGHTS} nights")
    _require_until(change, wanted.until)


def _require_until(change: Change, until: date) -> None:
    if not change.today < until <= change.today + timedelta(days=MOST_DAYS):
        raise _wrong(
            "until",
            f"the day on which it ends must be after today, {change.today}, and at most "
            f"{MOST_DAYS} days from it: longer, somebody must say so again",
        )


def _wrong(field: str, message: str) -> InvalidError:
    return InvalidError(message, [{"where": field, "message": message, "kind": "value"}])


def _is_there(bed: Bed, nights: Stay) -> None:
    late = bed.starts is not None and nights.arrival < bed.starts
    if late or (bed.ends is not None and bed.ends < nights.departure):
        raise ConflictError(
            f"bed {bed.id} is not there on all of these nights", code="bed-out-of-service"
        )


def _is_free(change: Change, bed: Row, nights: Stay) -> None:
    """Raise ConflictError when a night is somebody's, out of service, or held already."""
    there = change.connection.execute(
        select(BED_NIGHTS.c.holder)
        .where(
            BED_NIGHTS.c.bed_id == bed["id"],
            BED_NIGHTS.c.night >= nights.arrival,
            BED_NIGHTS.c.night < nights.departure,
        )
        .order_by(BED_NIGHTS.c.night)
        .limit(1)
    ).scalar()
    if there is not None:
        booking = change.find("booking", there)
        if booking is not None:
            raise taken(bed["id"], booking)
        raise ConflictError(
            f"bed {bed['id']} is out of service on some of these nights",
            code="bed-out-of-service",
            bed_id=bed["id"],
        )
    for hold in in_force(change.connection, change.today, HOLDS.c.bed_id == bed["id"]):
        if any(nights.meets(span) for span in left_of(hold)):
            raise ConflictError(
                "another hold keeps the bed on some of these nights already",
                code="held-already",
                hold_id=hold["id"],
            )
    waiting = change.rows(
        "booking",
        BOOKINGS.c.premises_id == bed["premises_id"],
        BOOKINGS.c.status.in_(HOLDING),
        BOOKINGS.c.surplus,
        BOOKINGS.c.arrival < nights.departure,
        BOOKINGS.c.departure > nights.arrival,
    )
    if waiting:
        raise ConflictError(
            f"{len(waiting)} booked at these premises on these nights have no bed: a bed is not "
            "held from them",
            code="surplus-there",
            premises_id=bed["premises_id"],
        )


def _by_a_person(change: Change) -> None:
    if not change.actor.is_person:
        raise NotAllowedError("only a named person holds a bed, or lets go of one")

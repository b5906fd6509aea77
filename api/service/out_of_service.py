"""Out of service: nights on which a bed cannot be used, entered, changed and taken back."""

from __future__ import annotations

from datetime import date

from api.service.change import Change, check_version
from api.service.claims import taken
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError
from api.store.apply import HOLDING
from api.store.tables import BOOKINGS, OUT_OF_SERVICE
from api.store.values import Row


def enter(change: Change, bed_id: str, first: date, last: date, reason: str) -> Row:
    """Take a bed out of use from a night to another, both included.

    Raises ConflictError when somebody is booked there: they must be moved first.
    """
    bed = change.row("bed", bed_id)
    row = {
        "id": new_id(),
        "version": 1,
        "bed_id": bed_id,
        "premises_id": bed["premises_id"],
        "first_night": first,
        "end": _end(first, last),
        "reason": reason,
        "cancelled": False,
        "in_conflict": False,
    }
    _require_empty(change, row)
    return change.record("out_of_service.entered", "out_of_service", row)


def alter(
    change: Change, identifier: str, first: date, last: date, reason: str, version: int | None
) -> Row:
    """Other nights or another reason; what it was stays in the timeline."""
    row = change.row("out_of_service", identifier)
    check_version(row, version)
    _must_count(row)
    before = row["end"]
    after = {
        **row,
        "first_night": first,
        "end": _end(first, last),
        "reason": reason,
        "in_conflict": False,
        "version": row["version"] + 1,
    }
    _require_empty(change, after)
    after = change.record("out_of_service.changed", "out_of_service", after)
    freed = after["end"] < before or after["first_night"] > row["first_night"]
    if freed and before > change.today:
        change.frees(row["bed_id"], max(row["first_night"], change.today), before)
    return after


def cancel(change: Change, identifier: str, reason: str) -> Row:
    """Take a record back: the bed can be used."""
    row = change.row("out_of_service", identifier)
    if row["cancelled"]:
        return row
    after = {**row, "cancelled": True, "version": row["version"] + 1}
    after = change.record("out_of_service.cancelled", "out_of_service", after, reason=reason)
    if row["end"] > change.today:
        change.frees(row["bed_id"], max(row["first_night"], change.today), row["end"])
    return after


def _end(first: date, last: date) -> date:
    if last < first:
        raise InvalidError("the last night is before the first")
    return date.fromordinal(last.toordinal() + 1)


def _must_count(row: Row) -> None:
    if row["cancelled"]:
        raise ConflictError(f"record {row['id']} is cancelled", code="not-lawful-now")


def _require_empty(change: Change, row: Row) -> None:
    others = change.rows(
        "out_of_service",
        OUT_OF_SERVICE.c.bed_id == row["bed_id"],
        OUT_OF_SERVICE.c.id != row["id"],
        ~OUT_OF_SERVICE.c.cancelled,
        OUT_OF_SERVICE.c.first_night < row["end"],
        OUT_OF_SERVICE.c.end > row["first_night"],
    )
    if others:
        raise ConflictError(
            f"record {others[0]['id']} takes the bed out of use on some of these nights",
            code="overlaps",
        )
    there = change.rows(
        "booking",
        BOOKINGS.c.bed_id == row["bed_id"],
        BOOKINGS.c.status.in_(HOLDING),
        ~BOOKINGS.c.surplus,
        BOOKINGS.c.held_from < row["end"],
        BOOKINGS.c.departure > row["first_night"],
    )
    if there:
        raise taken(row["bed_id"], there[0])

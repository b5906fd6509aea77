"""Held nights: what is left of holds, and how they give way to what takes nights of a bed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from allocator.nights import Stay
from api.store.apply import nights_spanned
from api.store.records import held_nights
from api.store.tables import HOLDS
from api.store.values import Row

CURRENT, RELEASED, EXPIRED = "current", "released", "expired"
USED, OVERRIDDEN, YIELDED = "used", "overridden", "yielded"


def left_of(row: Row) -> list[Stay]:
    """The nights that a hold still keeps."""
    return [held.nights for held in held_nights(row)]


def run_out(today: date) -> ColumnElement[bool]:
    """Rows whose day has come, or whose nights are past: nothing is kept by them any more."""
    return (HOLDS.c.until <= today) | (HOLDS.c.end <= today)


def status_now(row: Row, today: date) -> str:
    """The status of a hold, whether or not the review has been round."""
    over = row["until"] <= today or row["end"] <= today
    return EXPIRED if row["status"] == CURRENT and over else str(row["status"])


def with_status(status: str, today: date) -> list[ColumnElement[bool]]:
    """Conditions on holds whose `status_now` is this."""
    if status == CURRENT:
        return [HOLDS.c.status == CURRENT, ~run_out(today)]
    if status == EXPIRED:
        return [(HOLDS.c.status == EXPIRED) | ((HOLDS.c.status == CURRENT) & run_out(today))]
    return [HOLDS.c.status == status]


def in_force(connection: Connection, today: date, *conditions: object) -> list[Row]:
    """Holds that keep nights today, whether or not the review has been round."""
    wanted = select(HOLDS).where(*with_status(CURRENT, today), *conditions)  # type: ignore[arg-type]
    found = connection.execute(wanted.order_by(HOLDS.c.id)).mappings()
    return [dict(row) for row in found]


def without(row: Row, taken: Iterable[Stay], how: str) -> Row:
    """The hold without these nights; ended as `how` says when it has none to come."""
    left = left_of(row)
    for stay in taken:
        left = [part for span in left for part in _apart(span, stay)]
    after = {
        **row,
        "version": row["version"] + 1,
        "left": [[span.arrival.isoformat(), span.departure.isoformat()] for span in left],
    }
    return after if left else {**after, "status": how}


def yielding(connection: Connection, kind: str, rows: Sequence[Row], today: date) -> list[Row]:
    """Holds as they are without the nights that these records now have."""
    spans = nights_spanned(kind, rows)
    if not spans:
        return []
    found = []
    for hold in in_force(connection, today):
        taken = [stay for bed, stay in spans if bed == hold["bed_id"]]
        if any(stay.meets(span) for stay in taken for span in left_of(hold)):
            found.append(without(hold, taken, YIELDED))
    return found


def _apart(span: Stay, taken: Stay) -> list[Stay]:
    if not span.meets(taken):
        return [span]
    parts = []
    if span.arrival < taken.arrival:
        parts.append(Stay(span.arrival, taken.arrival))
    if taken.departure < span.departure:
        parts.append(Stay(taken.departure, span.departure))
    return parts

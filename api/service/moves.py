"""Moves: of bookings that were transferred, the one in the place of the other, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from api.service.bookings import CANCELLED, NOT_ARRIVED
from api.service.change import Change
from api.store.apply import HOLDING
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, EVENT_PAYLOADS, EVENTS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Move:
    """`booking`: at the other end of a transfer. `reason` empty: it has been erased."""

    booking: Row
    reason: str


def moved_to(change: Change, row: Row) -> Move | None:
    """The booking that took its place, or is to; None: it was not transferred."""
    after = next_of(change, [row]).get(row["id"])
    return None if after is None else Move(after, _why(change, after))


def moved_from(change: Change, row: Row) -> Move | None:
    """The booking whose place it took; None: none."""
    before = row["transferred_from"] and change.find("booking", row["transferred_from"])
    return Move(before, _why(change, row)) if before else None


def next_of(change: Change, bookings: Iterable[Row]) -> dict[str, Row]:
    """By booking, the one that took its place, or is to.

    A second half that came to nothing gave its nights back to the first, and took no place.
    """
    of = {row["id"]: row for row in bookings}
    found = {}
    for some_ids in by_many(sorted(of)):
        rows = change.rows("booking", BOOKINGS.c.transferred_from.in_(some_ids))
        for row in sorted(rows, key=lambda each: (each["made_at"], each["id"])):
            before = of[row["transferred_from"]]
            whole = row["arrival"] <= before["arrival"]
            if whole or row["status"] not in (CANCELLED, NOT_ARRIVED):
                found[before["id"]] = row
    return found


def last_of(change: Change, bookings: Iterable[Row]) -> dict[str, Row]:
    """By booking, the one that the person has by it now, or had last; itself, if none since."""
    last = {row["id"]: row for row in bookings}
    while on := next_of(change, [row for row in last.values() if row["status"] not in HOLDING]):
        last = {first: on.get(row["id"], row) for first, row in last.items()}
    return last


def _why(change: Change, made: Row) -> str:
    """The reason of the transfer that made the booking."""
    mine = EVENTS.c.kind == "booking", EVENTS.c.subject == made["id"]
    payload = change.connection.execute(
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(*mine, EVENTS.c.action == "booking.transferred")
    ).scalar_one_or_none()
    return "" if payload is None else str(payload["reason"])

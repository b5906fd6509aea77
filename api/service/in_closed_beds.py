"""In closed beds: who is in, or booked into, a bed that is out of service on nights of their stay.

Files bring such records: whoever is there stays until a named person moves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.service.change import Change
from api.service.conflicts import out_of_service_conflicts
from api.service.moves import next_of
from api.store.tables import BOOKINGS, OUT_OF_SERVICE
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class InClosedBed:
    """A booking and the record that closes its bed. `moves`: from which day another bed is booked
    for the person."""

    booking: Row
    closed: Row
    moves: date | None


def in_closed_beds(change: Change) -> list[InClosedBed]:
    """All of them, the soonest first; people whom the actor may not know too."""
    found = out_of_service_conflicts(change)
    names = sorted({name for each in found for name in each.bookings})
    closed = sorted({each.about for each in found})
    bookings = _by_id(change.rows("booking", BOOKINGS.c.id.in_(names)))
    records = _by_id(change.rows("out_of_service", OUT_OF_SERVICE.c.id.in_(closed)))
    after = next_of(change, list(bookings.values()))
    return [
        InClosedBed(
            bookings[name],
            records[each.about],
            after[name]["arrival"] if name in after else None,
        )
        for each in found
        for name in each.bookings
    ]


def _by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}

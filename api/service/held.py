"""Held: who holds which bed and which person's nights, before the database is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from api.service.change import Change
from api.store.apply import HOLDING
from api.store.tables import BOOKINGS, OUT_OF_SERVICE
from api.store.values import Row

Span = tuple[date, date, str]


class Held:
    """Nights as they are, and as an import lets go of them and takes them."""

    def __init__(self, change: Change) -> None:
        self._beds: dict[str, list[Span]] = defaultdict(list)
        self._people: dict[str, list[Span]] = defaultdict(list)
        self._of: dict[str, tuple[str, str]] = {}
        """By booking, the bed and the person: an import of thousands lets go of thousands."""
        for row in change.rows("booking", BOOKINGS.c.status.in_(HOLDING), ~BOOKINGS.c.surplus):
            self.take(row)
        for row in change.rows(
            "out_of_service", ~OUT_OF_SERVICE.c.cancelled, ~OUT_OF_SERVICE.c.in_conflict
        ):
            self.close(row)

    def free(self, row: Row) -> bool:
        """Whether a booking could hold its nights."""
        first, end = row["held_from"], row["departure"]
        return self.is_free(row["bed_id"], first, end, row["id"]) and not _meets(
            self._people[row["crn"]], first, end, row["id"]
        )

    def is_free(self, bed_id: str | None, first: date, end: date, own: str = "") -> bool:
        """Whether the bed is, but for what has this id."""
        return bed_id is not None and not _meets(self._beds[bed_id], first, end, own)

    def take(self, row: Row) -> None:
        """The booking holds its nights from now on."""
        if row["bed_id"] is not None:
            span = (row["held_from"], row["departure"], row["id"])
            self._beds[row["bed_id"]].append(span)
            self._people[row["crn"]].append(span)
            self._of[row["id"]] = (row["bed_id"], row["crn"])

    def close(self, row: Row) -> None:
        """The bed is out of service on the record's nights."""
        self._beds[row["bed_id"]].append((row["first_night"], row["end"], row["id"]))

    def let_go(self, identifier: str) -> None:
        """The booking holds nothing any more."""
        if identifier in self._of:
            bed_id, crn = self._of.pop(identifier)
            for spans in (self._beds[bed_id], self._people[crn]):
                spans[:] = [span for span in spans if span[2] != identifier]


def _meets(spans: Iterable[Span], first: date, end: date, own: str) -> bool:
    return any(f < end and first < e and who != own for f, e, who in spans)

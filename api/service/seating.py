"""Seating: who must move for a bed to be free that somebody has whose bed nobody has named.

They move to where a plan seats them, within their premises; whoever is in their way there moves on
in the same way, and nobody else does.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from allocator.nights import Stay
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Clash:
    """A bed that is not free for all of this. `row`: the booking that has it, and stays.

    `mover`: who was to move there; None: the bed that was asked for.
    """

    bed_id: str
    row: Row
    mover: Row | None


@dataclass(frozen=True, slots=True)
class _Filled:
    """A bed and the nights on which somebody would come into it."""

    bed_id: str
    first: date
    end: date
    mover: Row | None

    def meets(self, row: Row) -> bool:
        """Whether a booking has a night in common with this."""
        held: bool = row["held_from"] < self.end and self.first < row["departure"]
        return held


class Seating:
    """Premises with whoever is booked there: asked for as many beds as one likes.

    `there`: what holds beds of the premises. `room_of`: by bed, its room.
    """

    def __init__(self, there: Iterable[Row], room_of: Mapping[str, str]) -> None:
        self._room_of = room_of
        self._of_room: dict[str | None, list[Row]] = defaultdict(list)
        for row in there:
            holds = row["bed_id"] is not None and not row["surplus"]
            if holds and row["held_from"] < row["departure"]:
                self._of_room[room_of.get(row["bed_id"])].append(row)

    def who_has(self, bed_id: str, stay: Stay) -> list[Row]:
        """The bookings that hold the bed on nights of the stay."""
        asked = _Filled(bed_id, stay.arrival, stay.departure, None)
        of_room = self._of_room.get(self._room_of.get(bed_id), ())
        return [row for row in of_room if row["bed_id"] == bed_id and asked.meets(row)]

    def room_made(
        self, bed_id: str, stay: Stay, seats: Mapping[str, str]
    ) -> tuple[list[Row], Clash | None]:
        """The bookings that move, in their new beds, and what is in the way all the same, if
        anything.

        `seats`: by booking, its bed in the plan. Of a shared room that somebody comes into,
        everyone whom the plan moves does: it was judged as a whole.
        """
        moved: dict[str, Row] = {}
        filled = [_Filled(bed_id, stay.arrival, stay.departure, None)]
        waiting = deque(filled)
        while waiting:
            coming = waiting.popleft()
            for row in self._of_room.get(self._room_of.get(coming.bed_id), ()):
                if row["id"] in moved or not coming.meets(row):
                    continue
                seat = seats.get(row["id"], "") if row["bed_inferred"] else ""
                if seat in self._room_of and seat != row["bed_id"]:
                    moved[row["id"]] = {**row, "bed_id": seat, "version": row["version"] + 1}
                    filled.append(_Filled(seat, row["held_from"], row["departure"], row))
                    waiting.append(filled[-1])
                elif row["bed_id"] == coming.bed_id:
                    return list(moved.values()), Clash(coming.bed_id, row, coming.mover)
        return list(moved.values()), _twice(filled)


def _twice(filled: Sequence[_Filled]) -> Clash | None:
    """Two who would come into one bed: one of their stays is longer than the plan knew."""
    for one, other in combinations(filled, 2):
        if one.bed_id == other.bed_id and one.first < other.end and other.first < one.end:
            assert other.mover is not None  # only the first of all is nobody's move
            return Clash(one.bed_id, other.mover, one.mover)
    return None

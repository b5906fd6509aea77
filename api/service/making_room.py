"""Making room: premises read once, to ask of many beds whether whoever is in them would move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from allocator.nights import Stay
from api.service.change import Change
from api.service.seating import Seating
from api.service.shut_beds import ShutBeds, shut_beds, shut_for
from api.store.apply import HOLDING
from api.store.tables import BEDS, BOOKINGS
from api.store.values import Row

_BOOKED = (
    "premises_id",
    "bed_id",
    "bed_inferred",
    "surplus",
    "held_from",
    "departure",
    "version",
)


@dataclass(frozen=True)
class MakingRoom:
    """Some premises with whoever is booked there and what is shut. `beds`: by premises."""

    beds: Mapping[str, Collection[str]]
    seatings: Mapping[str, Seating]
    shut: ShutBeds

    def might(self, premises_id: str, bed_id: str, stay: Stay) -> bool:
        """Whether somebody has the bed on those nights, and all who do have it by nobody's word."""
        there = self.seatings[premises_id].who_has(bed_id, stay)
        return bool(there) and all(row["bed_inferred"] for row in there)

    def moves(
        self, premises_id: str, bed_id: str, stay: Stay, seats: Mapping[str, str]
    ) -> list[Row] | None:
        """Bookings that would move first, in the beds that they would have; None: no room can be
        made, or the bed is not there or out of service.
        """
        shut = self.shut.get(bed_id, ())
        out = any(each.hold is None and each.nights.meets(stay) for each in shut)
        if out or bed_id not in self.beds[premises_id]:
            return None
        moves, clash = self.seatings[premises_id].room_made(bed_id, stay, seats)
        return None if clash is not None or shut_for(moves, self.shut) else moves


def making_room(change: Change, premises: Collection[str]) -> MakingRoom:
    """These premises as they are."""
    among = sorted(premises)
    there: dict[str, list[Row]] = defaultdict(list)
    holding = BOOKINGS.c.premises_id.in_(among), BOOKINGS.c.status.in_(HOLDING)
    for row in change.outlines("booking", _BOOKED, *holding):
        there[row["premises_id"]].append(row)
    rooms: dict[str, dict[str, str]] = {site: {} for site in among}
    for row in change.outlines("bed", ("premises_id", "room_id"), BEDS.c.premises_id.in_(among)):
        rooms[row["premises_id"]][row["id"]] = row["room_id"]
    seatings = {site: Seating(there[site], rooms[site]) for site in among}
    return MakingRoom(rooms, seatings, shut_beds(change, among))

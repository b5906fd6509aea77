"""Bed names: how every page names a bed: its premises, its room, and the bed in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from api.service.change import Change
from api.store.apply import MANY
from api.store.tables import BEDS, PREMISES, ROOMS


@dataclass(frozen=True, slots=True)
class BedNamed:
    """`place`: room and bed."""

    premises_id: str
    premises: str
    place: str

    @property
    def whole(self) -> str:
        """Where nothing beside it says which premises is meant."""
        return f"{self.premises}, {self.place}"


def place_in(room: str, bed: str) -> str:
    """Room and bed as people say them: room 4, bed 2. A bed's name may begin with its room's."""
    rest = bed.removeprefix(room).strip(" -/,:") if room else bed
    return f"{_named('room', room)}, {_named('bed', rest or bed)}"


def bed_names(change: Change, ids: Iterable[str]) -> dict[str, BedNamed]:
    """Names by id; of those that there are."""
    wanted = sorted(set(ids))
    names = [table.c.details["name"].as_string() for table in (ROOMS, BEDS)]
    joined = BEDS.join(ROOMS, ROOMS.c.id == BEDS.c.room_id).join(
        PREMISES, PREMISES.c.id == BEDS.c.premises_id
    )
    found = {}
    for first in range(0, len(wanted), MANY):
        rows = change.connection.execute(
            select(BEDS.c.id, BEDS.c.premises_id, PREMISES.c.name, *names)
            .select_from(joined)
            .where(BEDS.c.id.in_(wanted[first : first + MANY]))
        )
        for bed_id, premises_id, premises, room, bed in rows:
            found[bed_id] = BedNamed(premises_id, premises, place_in(room, bed))
    return found


def _named(what: str, name: str) -> str:
    """The word in front, unless the name has it."""
    return name if name.casefold().startswith(what) else f"{what} {name}"

"""Bed names: how every page names a bed: its premises, its room, and the bed in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from api.service.change import Change
from api.store.by_many import by_many
from api.store.tables import BEDS, PREMISES, ROOMS

_BETWEEN = " -/,:"


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
    """Room and bed as people say them: room 4, bed 2. A bed's name may begin with its room's.

    Only what ends there begins with it: bed 12 is no bed 2 of room 1.
    """
    rest = bed.removeprefix(room)
    if room and rest != bed and rest[:1] in _BETWEEN:
        bed = rest.strip(_BETWEEN) or bed
    return f"{_named('room', room)}, {_named('bed', bed)}" if room else _named("bed", bed)


def bed_names(change: Change, ids: Iterable[str]) -> dict[str, BedNamed]:
    """Names by id; of those that there are."""
    wanted = sorted(set(ids))
    names = [table.c.details["name"].as_string() for table in (ROOMS, BEDS)]
    joined = BEDS.join(ROOMS, ROOMS.c.id == BEDS.c.room_id).join(
        PREMISES, PREMISES.c.id == BEDS.c.premises_id
    )
    found = {}
    for some in by_many(wanted):
        rows = change.connection.execute(
            select(BEDS.c.id, BEDS.c.premises_id, PREMISES.c.name, *names)
            .select_from(joined)
            .where(BEDS.c.id.in_(some))
        )
        for bed_id, premises_id, premises, room, bed in rows:
            found[bed_id] = BedNamed(premises_id, premises, place_in(room, bed))
    return found


def _named(what: str, name: str) -> str:
    """The word in front, unless the name has it."""
    return name if name.casefold().startswith(what) else f"{what} {name}"

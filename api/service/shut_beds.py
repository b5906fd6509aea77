"""Shut beds: nights on which nobody is moved into a bed: it is held, or out of service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from allocator.nights import Stay
from api.service.change import Change
from api.service.held_nights import in_force, left_of
from api.store.tables import HOLDS, OUT_OF_SERVICE
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Shut:
    """`hold` None: the bed is out of service."""

    nights: Stay
    hold: Row | None = None


ShutBeds = Mapping[str, Sequence[Shut]]


def shut_beds(change: Change, premises: Collection[str]) -> ShutBeds:
    """By bed of these premises, its nights; those out of service first."""
    found: dict[str, list[Shut]] = defaultdict(list)
    among = sorted(premises)
    out = OUT_OF_SERVICE.c.premises_id.in_(among), ~OUT_OF_SERVICE.c.cancelled
    for row in change.outlines("out_of_service", ("bed_id", "first_night", "end"), *out):
        found[row["bed_id"]].append(Shut(Stay(row["first_night"], row["end"])))
    for hold in in_force(change.connection, change.today, HOLDS.c.premises_id.in_(among)):
        found[hold["bed_id"]] += [Shut(left, hold) for left in left_of(hold)]
    return found


def shut_for(moves: Iterable[Row], shut: ShutBeds) -> tuple[Row, Shut] | None:
    """The first of those who would move into a bed on nights on which it is shut, and why."""
    for row in moves:
        span = Stay(row["held_from"], row["departure"])
        for each in shut.get(row["bed_id"], ()):
            if span.meets(each.nights):
                return row, each
    return None

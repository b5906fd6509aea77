"""Convert: a premises of another AP type, or rooms with other characteristics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from allocator.closed import CLOSED
from allocator.sets import SetOf
from allocator.simulate.changes.inputs import Inputs, require_premises
from allocator.vocabulary import ApType, Criterion


@dataclass(frozen=True, slots=True)
class Convert:
    """Holds from the first day to the last: what a premises or room is like has no dates.

    Who sleeps there on the first day stays as planned.
    """

    __pydantic_config__ = CLOSED

    premises: str
    ap_types: SetOf[ApType] | None = None
    """In place of those it has; None: they stay."""
    add: SetOf[Criterion] = frozenset()
    """Characteristics that rooms get."""
    remove: SetOf[Criterion] = frozenset()
    rooms: int | None = None
    """How many rooms, in order of id, of those that would change; None: all of them."""
    kind: Literal["convert"] = "convert"

    def __post_init__(self) -> None:
        if self.ap_types is None and not (self.add or self.remove):
            raise ValueError("nothing is converted: give ap_types, add or remove")
        if self.ap_types is not None and not self.ap_types:
            raise ValueError("ap_types is empty; to take nobody new, close the premises")
        if self.add & self.remove:
            raise ValueError(f"{min(self.add & self.remove)} is both added and removed")
        if self.rooms is not None and self.rooms < 1:
            raise ValueError("rooms must be at least 1")

    def applied(self, inputs: Inputs) -> Inputs:
        problem = inputs.problem
        require_premises(problem, self.premises)
        change = {
            room.id: (room.characteristics | self.add) - self.remove
            for room in sorted(problem.rooms, key=lambda room: room.id)
            if room.premises_id == self.premises
        }
        change = {
            room: features
            for room, features in change.items()
            if features != problem.rooms_by_id[room].characteristics
        }
        if self.rooms is not None and self.rooms > len(change):
            raise ValueError(f"{self.premises} has {len(change)} rooms that would change")
        chosen = dict(list(change.items())[: self.rooms])
        return replace(
            inputs,
            problem=replace(
                problem,
                premises=tuple(
                    replace(site, ap_types=self.ap_types)
                    if site.id == self.premises and self.ap_types is not None
                    else site
                    for site in problem.premises
                ),
                rooms=tuple(
                    replace(room, characteristics=chosen.get(room.id, room.characteristics))
                    for room in problem.rooms
                ),
            ),
        )

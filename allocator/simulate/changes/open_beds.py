"""Open beds: more beds at a premises, from a day on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from allocator.closed import CLOSED
from allocator.estate import Bed, Room
from allocator.problem import Problem
from allocator.sets import SetOf
from allocator.simulate.changes.inputs import Inputs, require_premises
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class OpenBeds:
    """Each bed in a room of its own. `since` None: there from the first day."""

    __pydantic_config__ = CLOSED

    premises: str
    beds: int = 1
    since: date | None = None
    room_characteristics: SetOf[Criterion] | None = None
    """None: those that most rooms of the premises have between them (its commonest kind)."""
    kind: Literal["open_beds"] = "open_beds"

    def __post_init__(self) -> None:
        if not 1 <= self.beds <= 500:
            raise ValueError("beds must be from 1 to 500")

    def applied(self, inputs: Inputs) -> Inputs:
        problem = inputs.problem
        require_premises(problem, self.premises)
        features = self.room_characteristics
        if features is None:
            features = commonest_room(problem, self.premises)
        added = with_beds(problem, self.premises, self.beds, features, self.since, inputs.number)
        return replace(inputs, problem=added)


def commonest_room(problem: Problem, premises: str) -> frozenset[Criterion]:
    """Characteristics of the kind of room that the premises has most of; none without rooms."""
    kinds = Counter(r.characteristics for r in problem.rooms if r.premises_id == premises)
    if not kinds:
        return frozenset()
    return min(kinds, key=lambda kind: (-kinds[kind], sorted(kind)))


def with_beds(
    problem: Problem,
    premises: str,
    beds: int,
    features: frozenset[Criterion],
    since: date | None,
    number: int,
) -> Problem:
    """The problem with so many rooms of one bed more; `number` keeps their ids apart."""
    ids = [f"{premises}-new{number}-{n:03d}" for n in range(1, beds + 1)]
    return replace(
        problem,
        rooms=(*problem.rooms, *(Room(each, premises, each, features) for each in ids)),
        beds=(*problem.beds, *(Bed(each, each, each, starts=since) for each in ids)),
    )

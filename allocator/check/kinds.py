"""Kinds: sets of beds that no rule and no aim can tell apart except by night."""

from __future__ import annotations

import numpy as np

from allocator.check.facts import Facts
from allocator.check.nights_axis import Numbers
from allocator.check.place import Place
from allocator.vocabulary import Criterion

Likeness = tuple[str, frozenset[Criterion], bool]


class Kinds:
    """Beds of one premises in rooms that are alike, under one number."""

    def __init__(self, facts: Facts) -> None:
        places = [facts.places[bed.id] for bed in facts.problem.beds]
        examples = {_likeness(place): place for place in places}
        single_first = sorted(examples, key=lambda likeness: not likeness[2])
        numbers = {likeness: number for number, likeness in enumerate(single_first)}
        of_bed = [numbers[_likeness(place)] for place in places]
        self.of_bed = np.array(of_bed, dtype=np.int64)
        """The kind of each bed, in the problem's order of beds."""
        self.places: list[Place] = [examples[likeness] for likeness in numbers]
        """A bed of each kind."""
        row = {premises.id: row for row, premises in enumerate(facts.problem.premises)}
        rows = [row[place.premises.id] for place in self.places]
        self.premises = np.array(rows, dtype=np.int64)
        """The premises of each kind, as a number in the problem's order."""
        self.singles = sum(place.beds_in_room == 1 for place in self.places)
        """How many kinds are rooms of one bed: they come first."""
        self.at: dict[str, Numbers] = {p: np.flatnonzero(self.premises == row[p]) for p in row}
        """The kinds at each premises."""

    def one_a_premises(self, kinds: Numbers) -> tuple[list[int], list[int]]:
        """Numbers of the premises of some kinds, and one of the kinds for each."""
        found = dict(zip(self.premises[kinds].tolist(), kinds.tolist(), strict=True))
        return list(found), list(found.values())


def _likeness(place: Place) -> Likeness:
    return place.premises.id, place.room.characteristics, place.beds_in_room == 1

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
        numbers: dict[Likeness, int] = {}
        of_bed = [numbers.setdefault(_likeness(place), len(numbers)) for place in places]
        self.of_bed = np.array(of_bed, dtype=np.int64)
        """The kind of each bed, in the problem's order of beds."""
        examples = {_likeness(place): place for place in places}
        self.places: list[Place] = [examples[likeness] for likeness in numbers]
        """A bed of each kind."""
        row = {premises.id: row for row, premises in enumerate(facts.problem.premises)}
        rows = [row[place.premises.id] for place in self.places]
        self.premises = np.array(rows, dtype=np.int64)
        """The premises of each kind, as a number in the problem's order."""
        self.single = np.array([place.beds_in_room == 1 for place in self.places], dtype=np.bool_)
        self.at: dict[str, Numbers] = {p: np.flatnonzero(self.premises == row[p]) for p in row}
        """The kinds at each premises."""


def _likeness(place: Place) -> Likeness:
    return place.premises.id, place.room.characteristics, place.beds_in_room == 1

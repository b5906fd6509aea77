"""Place: what a bed rule needs to know of a bed, shared by all beds that look the same."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.estate import Premises
from allocator.problem import Problem
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class Place:
    """A premises and the features of a room in it: every bed of such rooms is judged alike."""

    premises: Premises
    room: frozenset[Criterion]
    only_bed: bool
    """Whether the room has one bed in all."""

    @property
    def features(self) -> frozenset[Criterion]:
        """What a criterion may find here: of the room together with the premises."""
        return self.room | self.premises.characteristics

    def offers(self, criterion: Criterion) -> bool:
        """Whether the criterion is met by the place itself; single: a room of one bed."""
        return criterion in self.features and (
            criterion is not Criterion.IS_SINGLE or self.only_bed
        )

    def has_all(self, criteria: frozenset[Criterion]) -> bool:
        """Whether a bed here has all the criteria; single: a room of one bed in all."""
        return all(
            self.only_bed if criterion is Criterion.IS_SINGLE else criterion in self.features
            for criterion in criteria
        )


def place_of(bed_id: str, problem: Problem) -> Place:
    """The place of a bed."""
    room = problem.room_of_bed(bed_id)
    return Place(
        problem.premises_by_id[room.premises_id],
        room.characteristics,
        len(problem.beds_in_room[room.id]) == 1,
    )

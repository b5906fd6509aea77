"""Place: a bed with its room and its premises, as a rule looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.estate import Bed, Premises, Room
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class Place:
    """A bed, the room it is in, the premises that is in, and how many beds the room has."""

    bed: Bed
    room: Room
    premises: Premises
    beds_in_room: int

    @property
    def features(self) -> frozenset[Criterion]:
        """Characteristics of the room together with those of the premises."""
        return self.room.characteristics | self.premises.characteristics

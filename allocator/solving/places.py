"""Places: a lawful choice that people change, and what each place is worth to the plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.compiled.ground import Ground, Seats
from allocator.solving.compiled.worths import Worths, worths_of
from allocator.solving.model import Model
from allocator.solving.order import order_of

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """A choice as what is compiled takes it; changed in place."""

    assignment: Assignment
    worths: Worths

    @property
    def option_of(self) -> Ints:
        """Of each party; NOTHING where it has none."""
        return self.assignment.option_of

    @property
    def size(self) -> tuple[int, int]:
        """How many parties there are, and pools."""
        return len(self.option_of), len(self.assignment.free)

    @property
    def ground(self) -> Ground:
        """What stays the same."""
        return self.assignment.ground

    @property
    def seats(self) -> Seats:
        """Who has what."""
        return self.assignment.seats


def places_of(model: Model, option_of: Ints, held: Collection[int]) -> Places:
    """A copy of a lawful choice, to be changed where that makes the plan better.

    `held`: levels that stay as they are.
    """
    assignment = Assignment(model)
    assignment.add_all(option_of[option_of >= 0])
    return Places(assignment, worths_of(order_of(model, held)))

"""Assignment: an option for each party, or none, kept lawful at every step."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.solving.compiled import seating
from allocator.solving.compiled.ground import empty_seats, packed_ground, packed_seats
from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Assignment:
    """Who has which option. `place` never lets a limit be broken; of `add` it is not asked."""

    def __init__(self, model: Model) -> None:
        self.options = model.options
        self._seats = empty_seats(model.ground, model.stock)
        self.ground, self.seats = packed_ground(model.ground), packed_seats(self._seats)
        seating.count_all(self.ground, self.seats)

    @property
    def option_of(self) -> Ints:
        """Of each party; NOTHING where it has none."""
        return self._seats.option_of

    @property
    def free(self) -> npt.NDArray[np.int32]:
        """free[pool, night]: beds left."""
        return self._seats.free

    def fitting(self, party: int) -> Ints:
        """The party's options with a bed and a room on every night; other limits are not asked."""
        return self.with_a_bed(self.options.every(party))

    def with_a_bed(self, which: Ints) -> Ints:
        """Those of the options for which a bed is free on every night, and a room for those who
        may not share one."""
        return which[seating.which_fit(self.ground, self.seats, which, False)]

    def which_open(self, which: Ints) -> Flags:
        """Which of the options there is a bed for, and the limits let be added."""
        return np.asarray(seating.which_fit(self.ground, self.seats, which, True))

    def is_open(self, option: int) -> bool:
        """The same of one option."""
        return bool(self.which_open(np.array([option], dtype=np.int64))[0])

    def add(self, option: int) -> None:
        """Give the option to its party, which must have none."""
        seating.add(self.ground, self.seats, option)

    def add_all(self, options: Ints) -> None:
        """Give each option to its party; none of them may have one."""
        seating.add_all(self.ground, self.seats, options)

    def remove(self, party: int) -> int:
        """Take the party's option away, and say which it was."""
        return int(seating.remove(self.ground, self.seats, party))

    def place(self, party: int, worth: npt.NDArray[np.float64]) -> bool:
        """Give the party its open option of highest worth; False if there is none.

        `worth` has one figure for each of the party's options.
        """
        option = int(seating.best_open(self.ground, self.seats, party, worth))
        if option < 0:
            return False
        self.add(option)
        return True

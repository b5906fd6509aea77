"""Gain: what the options of one way add to the levels, before a certificate weighs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.check.nights_axis import Numbers


@dataclass(frozen=True)
class Rows:
    """What options add to some levels, by the bed or by the arrival: a row for each level."""

    levels: Numbers
    gains: Numbers

    @classmethod
    def of(cls, rows: Mapping[int, Numbers], length: int) -> Rows:
        """From rows by the number of their level."""
        gains = np.array(list(rows.values()), dtype=np.int64).reshape(len(rows), length)
        return cls(np.array(list(rows), dtype=np.int64), gains)

    def weighed(self, multiples: Numbers) -> Numbers:
        """Σ multiple · gain over the levels."""
        found: Numbers = multiples[self.levels] @ self.gains
        return found


@dataclass(frozen=True)
class Gain:
    """A gain above nothing is for the better, on levels where fewest is wanted too."""

    by_kind: Rows
    """A column for each kind of bed of the way."""
    by_arrival: Rows
    """A column for each of its arrivals."""
    cells: tuple[tuple[int, int, int], ...]
    """Level, premises and column of an arrival, by number: an option there adds one."""

    def largest(self, levels: int) -> Numbers:
        """The largest gain or loss on each level."""
        found = np.zeros(levels, dtype=np.int64)
        for rows in (self.by_kind, self.by_arrival):
            found[rows.levels] = np.abs(rows.gains).max(axis=1, initial=0)
        for level, _, _ in self.cells:
            found[level] = 1
        return found

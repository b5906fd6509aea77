"""Flow: rows that say where people and idle beds are, for some of the options.

Idle beds flow along each pool's days: idle tonight = idle last night + beds that become free −
beds that go − arrivals + departures. A stay is then in three rows (its person, its arrival, its
departure) however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.solving.entries import Entries, Rows
from allocator.solving.model import Model

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FREE = highspy.kHighsInf


@dataclass(frozen=True, slots=True)
class Row:
    """Sum of coefficient x option, from `lower` to `upper`."""

    options: Ints
    """Positions among the columns."""
    coefficients: Ints
    lower: float = -FREE
    upper: float = FREE
    soft: bool = False
    """Whether it may fall short of `lower`, by a column of its own."""


class Flow:
    """Columns: options, then idle beds onward from each node, then what soft rows fall short by.

    A node is a pool times the days plus a day, where something happens.
    """

    def __init__(self, model: Model, columns: Ints, free: Ints) -> None:
        """`free`[pool, night]: beds left for these options."""
        options, days = model.options, model.stock.days
        self.parties, self.count = len(model.parties), len(columns)
        self._party = options.party[columns].astype(np.int64)
        before = np.concatenate([np.zeros((len(free), 1), np.int64), free[:, :-1]], axis=1)
        jump = free - before
        more = model.alone.kept_empty(columns)
        self._taker = np.concatenate([np.arange(self.count), more.taker])
        pool = np.concatenate([options.pool[columns], more.pool]).astype(np.int64)
        begins = pool * days + np.concatenate([options.arrival[columns], more.first])
        stops = np.concatenate([options.ends(columns), more.end])
        self._within = stops < days
        stops = (pool * days + stops)[self._within]
        used = np.unique(pool)
        place, day = np.nonzero(jump[used])
        self.nodes: Ints = np.unique(np.concatenate([begins, stops, used[place] * days + day]))
        self._begins = np.searchsorted(self.nodes, begins)
        self._stops = np.searchsorted(self.nodes, stops)
        self._place = self.nodes // days
        self._onward = np.flatnonzero(self._place[1:] == self._place[:-1])
        self._jump = jump.ravel()[self.nodes].astype(np.float64)

    def rows(self, others: Sequence[Row]) -> Rows:
        """Rows of parties, of nodes, and the others, in this order."""
        first, idle, every = self.parties, len(self.nodes), np.arange(self.count)
        entries = Entries(first + idle + len(others))
        entries.put(self._party, every, 1.0)
        entries.put(first + self._begins, self._taker, 1.0)
        entries.put(first + self._stops, self._taker[self._within], -1.0)
        # Idle beds go from each node to the next one of the same pool.
        entries.put(first + np.arange(idle), self.count + np.arange(idle), 1.0)
        entries.put(first + 1 + self._onward, self.count + self._onward, -1.0)
        short = self.count + idle
        for number, row in enumerate(others):
            at = first + idle + number
            entries.put_row(at, row.options, row.coefficients)
            if row.soft:
                entries.put(np.array([at]), np.array([short]), 1.0)
                short += 1
        return entries.rows(
            np.concatenate([np.full(first, -FREE), self._jump, [row.lower for row in others]]),
            np.concatenate([np.ones(first), self._jump, [row.upper for row in others]]),
        )

    def idle(self, taken: Ints) -> Floats:
        """Idle beds onward from each node when the columns at these positions are taken."""
        chosen = np.zeros(self.count)
        chosen[taken] = 1.0
        change = self._jump.copy()
        np.subtract.at(change, self._begins, chosen[self._taker])
        np.add.at(change, self._stops, chosen[self._taker[self._within]])
        total = np.cumsum(change)
        heads = np.flatnonzero(np.diff(self._place, prepend=-1))
        lengths = np.diff(np.append(heads, len(self._place)))
        return np.asarray(total - np.repeat(total[heads] - change[heads], lengths))

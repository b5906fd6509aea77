"""Flow: rows that say where people and idle beds are, for some of the options.

Idle beds flow along each pool's days: idle tonight = idle last night + beds that become free −
beds that go − arrivals + departures. A stay is then in three rows (its person, its arrival, its
departure) however long it is.

Between two nights on which beds become fewer, with none becoming free, the later is the harder: so
days share a node until a bed becomes free again after some were taken.
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

    A node is the days of a pool from one on which a bed becomes free to the last on which one is
    taken before the next becomes free. `nights_from` and `nights_to` are the nights that
    an idle bed is idle on between the two, counted from night 0 of pool 0.
    """

    def __init__(self, model: Model, columns: Ints, free: Ints) -> None:
        """`free`[pool, night]: beds left for these options."""
        options, days = model.options, model.stock.days
        self.parties, self.count = len(model.parties), len(columns)
        self._party = options.party[columns].astype(np.int64)
        more = model.alone.kept_empty(columns)
        taker = np.concatenate([np.arange(self.count), more.taker])
        pool = np.concatenate([options.pool[columns], more.pool]).astype(np.int64)
        begins = pool * days + np.concatenate([options.arrival[columns], more.first])
        stops = np.concatenate([options.ends(columns), more.end])
        within = stops < days
        stops = (pool * days + stops)[within]
        used = np.zeros(len(free), dtype=bool)
        used[pool] = True
        jump = (np.diff(free, axis=1, prepend=0) * used[:, None]).ravel()
        fewer, more_free = jump < 0, jump > 0
        fewer[begins] = True
        more_free[stops] = True
        when = np.flatnonzero(fewer | more_free)
        place = when // days
        new_pool = np.diff(place, prepend=-1) > 0
        begin = new_pool | (more_free[when] & np.append(False, fewer[when][:-1]))
        # The last of a pool's nodes that nobody arrives at holds of itself.
        node = np.cumsum(begin) - 1
        last = np.full(int(begin.sum()), -1, dtype=np.int64)
        last[node[fewer[when]]] = when[fewer[when]]
        number = np.where(last >= 0, np.cumsum(last >= 0) - 1, -1)
        node_of = np.full(len(jump), -1, dtype=np.int64)
        node_of[when] = number[node]
        following = np.append(when[begin][1:], len(jump))
        held = last >= 0
        self.nights_from: Ints = last[held]
        self._place = self.nights_from // days
        self.nights_to: Ints = np.minimum(following[held], (self._place + 1) * days)
        self.nodes = len(self._place)
        self._onward = np.flatnonzero(self._place[1:] == self._place[:-1])
        self._jump = np.zeros(self.nodes)
        np.add.at(self._jump, node_of[when[node_of[when] >= 0]], jump[when[node_of[when] >= 0]])
        self._begins, self._taker = node_of[begins], taker
        ending = node_of[stops] >= 0
        self._stops, self._leaver = node_of[stops[ending]], taker[within][ending]

    def rows(self, others: Sequence[Row]) -> Rows:
        """Rows of parties, of nodes, and the others, in this order."""
        first, idle, every = self.parties, self.nodes, np.arange(self.count)
        entries = Entries(first + idle + len(others))
        entries.put(self._party, every, 1.0)
        entries.put(first + self._begins, self._taker, 1.0)
        entries.put(first + self._stops, self._leaver, -1.0)
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
        return self.idle_beside(chosen)

    def idle_beside(self, chosen: Floats) -> Floats:
        """Idle beds onward from each node when so much of each column is taken."""
        change = self._jump.copy()
        np.subtract.at(change, self._begins, chosen[self._taker])
        np.add.at(change, self._stops, chosen[self._leaver])
        total = np.cumsum(change)
        heads = np.flatnonzero(np.diff(self._place, prepend=-1))
        lengths = np.diff(np.append(heads, len(self._place)))
        return np.asarray(total - np.repeat(total[heads] - change[heads], lengths))

"""Paths: the best, and the likely, sequence of stays in each bed at given prices on people.

With a price on each person, beds stop competing: each run of free nights takes the stays worth
most to it, one after another. `best` finds that for every run at once by going back through the
days; `soft` does it with a temperature, so that small changes of price make small changes of
flow and prices can follow their gradient (Nesterov, "Smooth minimization of non-smooth
functions", Mathematical Programming 103, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from allocator.solving.beds import run_of_each
from allocator.solving.options import Indexes, Options
from allocator.solving.stock import Stock

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Path = tuple[int, Ints]
"""A group of alike runs, and the sorted options that one of them takes, in order."""


@dataclass(frozen=True, slots=True)
class _Day:
    """Options that arrive on one day, as a slice of the sorted options, split by pool."""

    day: int
    first: int
    stop: int
    starts: Ints
    pools: Ints
    segment: Ints


@dataclass(frozen=True, slots=True)
class Best:
    """What `best` found: `ahead[t, pool]` is the most a bed can still earn from day t on."""

    ahead: Floats
    choice: Ints
    """choice[t, pool]: sorted option taken on day t by a bed free then, or -1 to wait."""
    value: float


class Paths:
    """The runs of some pools, and the options in those pools.

    Options are kept sorted by arrival and pool; `which` gives each one's index in Options, and
    worths are passed in that order.
    """

    def __init__(self, stock: Stock, options: Options, which: Indexes, pools: Ints) -> None:
        self.days = stock.days
        local = np.full(len(stock.pools), -1, dtype=np.int64)
        local[pools] = np.arange(len(pools))
        pool, arrival = local[options.pool[which]], options.arrival[which]
        order = np.lexsort((pool, -arrival.astype(np.int64)))
        self.which = which[order]
        self.pool = pool[order]
        self.who = options.party[self.which]
        self.arrival = arrival[order].astype(np.int64)
        self.end = options.ends(self.which).astype(np.int64)
        self.pools = len(pools)
        self._back = self.end * self.pools + self.pool
        self._by_day = self._split()
        groups: dict[tuple[int, int], int] = {}
        for index, number in enumerate(pools):
            for run in stock.pools[number].runs:
                groups[index, run.first] = groups.get((index, run.first), 0) + 1
        self.group_pool = np.array([pool for pool, _ in sorted(groups)], dtype=np.int64)
        self.group_first = np.array([first for _, first in sorted(groups)], dtype=np.int64)
        self.group_size = np.array([groups[key] for key in sorted(groups)], dtype=np.int64)
        self._group = {key: number for number, key in enumerate(sorted(groups))}
        self._local = local

    def _split(self) -> list[_Day]:
        found = []
        edges = np.flatnonzero(np.diff(self.arrival, prepend=-1, append=-1))
        for first, stop in pairwise(edges):
            pool = self.pool[first:stop]
            starts = np.flatnonzero(np.diff(pool, prepend=-1))
            lengths = np.diff(starts, append=stop - first)
            segment = np.repeat(np.arange(len(starts)), lengths)
            found.append(
                _Day(int(self.arrival[first]), int(first), int(stop), starts, pool[starts], segment)
            )
        return found

    def best(self, worth: Floats) -> Best:
        """The most that every run can earn, and what it takes to earn it."""
        ahead = np.zeros((self.days + 1, self.pools))
        choice = np.full((self.days + 1, self.pools), -1, dtype=np.int64)
        flat = ahead.ravel()
        now, known = np.zeros(self.pools), self.days
        for block in self._by_day:
            ahead[block.day + 1 : known] = now
            value = worth[block.first : block.stop] + flat[self._back[block.first : block.stop]]
            most = np.maximum.reduceat(value, block.starts)
            better = most > now[block.pools] + 1e-9
            if better.any():
                hits = np.flatnonzero(value >= most[block.segment])
                first_hit = np.zeros(len(block.starts), dtype=np.int64)
                first_hit[block.segment[hits][::-1]] = hits[::-1]
                choice[block.day, block.pools[better]] = block.first + first_hit[better]
                now = now.copy()
                now[block.pools[better]] = most[better]
            ahead[block.day] = now
            known = block.day
        ahead[:known] = now
        value_of = ahead[self.group_first, self.group_pool]
        return Best(ahead, choice, float((value_of * self.group_size).sum()))

    def trace(self, best: Best) -> list[Path]:
        """One best path of each group of runs that earns anything."""
        following = np.full((self.days + 2, self.pools), self.days + 1, dtype=np.int32)
        for day in range(self.days, -1, -1):
            following[day] = np.where(best.choice[day] >= 0, day, following[day + 1])
        at, active = self.group_first.copy(), np.arange(len(self.group_pool))
        groups, taken = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        while len(active):
            when = following[np.minimum(at[active], self.days + 1), self.group_pool[active]]
            active, when = active[when <= self.days], when[when <= self.days]
            chosen = best.choice[when, self.group_pool[active]]
            groups.append(active)
            taken.append(chosen)
            at[active] = self.end[chosen]
        group, option = np.concatenate(groups), np.concatenate(taken)
        order = np.lexsort((self.arrival[option], group))
        group, option = group[order], option[order]
        edges = np.flatnonzero(np.diff(group, prepend=-1, append=-1))
        return [(int(group[first]), option[first:stop]) for first, stop in pairwise(edges)]

    def trace_choice(self, stock: Stock, options: Options, option_of: Indexes) -> list[Path]:
        """The paths of a lawful choice; options outside these pools are passed over."""
        position = {int(option): k for k, option in enumerate(self.which)}
        stays: dict[tuple[int, int, int], list[int]] = {}
        for option, (number, run) in run_of_each(stock, options, option_of).items():
            if option in position:
                pool = int(self._local[options.pool[option]])
                stays.setdefault((pool, run.first, number), []).append(position[option])
        return [
            (self._group[pool, first], np.array(sorted(taken, key=self.arrival.__getitem__)))
            for (pool, first, _), taken in sorted(stays.items())
        ]

    def soft(self, worth: Floats, temperature: float) -> tuple[float, Floats]:
        """Smoothed value, and how much of each option flows, at a temperature above 0."""
        ahead, value = self._soft_back(worth, temperature)
        flow = np.zeros(len(worth))
        entering = np.zeros((self.days + 1) * self.pools)
        np.add.at(entering, self.group_first * self.pools + self.group_pool, self.group_size)
        by_day = entering.reshape(self.days + 1, self.pools)
        waiting, known = np.zeros(self.pools), 0
        back = ahead.ravel()
        for block in reversed(self._by_day):
            span = slice(block.first, block.stop)
            waiting += by_day[known : block.day + 1].sum(axis=0)
            known = block.day + 1
            pool = self.pool[span]
            chance = np.exp(
                (worth[span] + back[self._back[span]] - ahead[block.day, pool]) / temperature
            )
            flow[span] = chance * waiting[pool]
            waiting[block.pools] -= np.add.reduceat(flow[span], block.starts)
            np.add.at(entering, self._back[span], flow[span])
        return value, flow

    def _soft_back(self, worth: Floats, temperature: float) -> tuple[Floats, float]:
        ahead = np.zeros((self.days + 1, self.pools))
        flat = ahead.ravel()
        now, known = np.zeros(self.pools), self.days
        for block in self._by_day:
            ahead[block.day + 1 : known] = now
            value = worth[block.first : block.stop] + flat[self._back[block.first : block.stop]]
            wait = now[block.pools]
            most = np.maximum(np.maximum.reduceat(value, block.starts), wait)
            total = np.exp((wait - most) / temperature) + np.add.reduceat(
                np.exp((value - most[block.segment]) / temperature), block.starts
            )
            now = now.copy()
            now[block.pools] = most + temperature * np.log(total)
            ahead[block.day] = now
            known = block.day
        ahead[:known] = now
        value_of = ahead[self.group_first, self.group_pool]
        return ahead, float((value_of * self.group_size).sum())

"""Relaxation: the linear programme whose prices bound a level.

Columns are options, taken in as their worth at the current prices asks for it; rows are a limit
for each party, and a limit for a pool on a night, taken in as a solution breaks it. Rows that are
absent only loosen the bound, and columns that are absent are priced in full before a bound is
claimed, so the bound holds whatever has been taken in.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.limits import Limit
from allocator.solving.options import Options
from allocator.solving.stock import Stock

Floats = npt.NDArray[np.float64]
Values = npt.NDArray[np.int64]
Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Prices:
    """Dual values: for each bed-night of each pool, for limits by row, for each earlier level."""

    beds: Floats
    """[pool, night], never negative."""
    limits: tuple[tuple[Limit, int, float], ...]
    """(limit, day, price)."""
    earlier: tuple[float, ...]


class Relaxation:
    """A linear programme kept warm from one level to the next."""

    def __init__(self, stock: Stock, options: Options, parties: int, seed: int = 0) -> None:
        self.stock, self.options = stock, options
        self.chosen: list[int] = []
        self._in = np.zeros(len(options), dtype=bool)
        self._gain_of: list[Values] = []
        self._earlier: list[int] = []
        self._targets: list[int] = []
        self._objective = np.zeros(len(options), dtype=np.int64)
        self._pool_rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._limit_rows: list[tuple[Limit, int, int]] = []
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("random_seed", seed)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("solver", "simplex")
        self.highs.setOptionValue("parallel", "off")
        lower = np.full(parties, -highspy.kHighsInf)
        self._add_rows(lower, np.ones(parties))
        self._rows = parties
        self.iterations = 0

    # ---- building -------------------------------------------------------------------------

    def aim_for(self, gain: Values) -> None:
        """Make `gain` (one for each option) what is maximised."""
        self._objective = gain
        if self.chosen:
            columns = np.arange(len(self.chosen), dtype=np.int32)
            costs = -gain[self.chosen].astype(np.float64)
            self.highs.changeColsCost(len(columns), columns, costs)

    def hold(self, gain: Values, target: int) -> None:
        """From now on the total of `gain` is at least `target`."""
        inside = gain[self.chosen] if self.chosen else np.zeros(0)
        where = np.flatnonzero(inside).astype(np.int32)
        self._add_rows(
            np.array([float(target)]),
            np.array([highspy.kHighsInf]),
            np.array([0], dtype=np.int32),
            where,
            inside[where].astype(np.float64),
        )
        self._gain_of.append(gain)
        self._earlier.append(self._rows)
        self._targets.append(target)
        self._rows += 1

    def retarget(self, level: int, target: int) -> None:
        """Change what an earlier level must reach."""
        self._targets[level] = target
        self.highs.changeRowBounds(self._earlier[level], float(target), highspy.kHighsInf)

    def take_in(self, options: Indexes) -> int:
        """Add columns that are not in yet; how many were."""
        fresh = np.unique(options[~self._in[options]])
        if not len(fresh):
            return 0
        starts, rows, values = [], [], []
        for option in fresh:
            starts.append(len(rows))
            for row, value in self._entries(int(option)):
                rows.append(row)
                values.append(value)
        count = len(fresh)
        self.highs.addCols(
            count,
            -self._objective[fresh].astype(np.float64),
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(rows),
            np.array(starts, dtype=np.int32),
            np.array(rows, dtype=np.int32),
            np.array(values, dtype=np.float64),
        )
        self.chosen.extend(int(option) for option in fresh)
        self._in[fresh] = True
        return count

    def _entries(self, option: int) -> list[tuple[int, float]]:
        party = int(self.options.party[option])
        pool = int(self.options.pool[option])
        arrival = int(self.options.arrival[option])
        departure = arrival + int(self.options.nights[option])
        entries = [(party, 1.0)]
        nights = self._pool_rows[pool]
        low = bisect.bisect_left(nights, (arrival, -1))
        high = bisect.bisect_left(nights, (departure, -1))
        entries += [(row, 1.0) for _, row in nights[low:high]]
        for limit, day, row in self._limit_rows:
            weight = limit.weight(party, pool, arrival, departure, day)
            if weight:
                entries.append((row, float(weight)))
        for gain, row in zip(self._gain_of, self._earlier, strict=True):
            if gain[option]:
                entries.append((row, float(gain[option])))
        return entries

    def limit_pool(self, pool: int, night: int) -> None:
        """Add the row that a pool has no more people than beds on the night."""
        chosen = np.array(self.chosen, dtype=np.int64)
        inside = (
            (self.options.pool[chosen] == pool)
            & (self.options.arrival[chosen] <= night)
            & (night < self.options.arrival[chosen] + self.options.nights[chosen])
        )
        where = np.flatnonzero(inside).astype(np.int32)
        self._add_rows(
            np.array([-highspy.kHighsInf]),
            np.array([float(self.stock.capacity[pool, night])]),
            np.array([0], dtype=np.int32),
            where,
            np.ones(len(where)),
        )
        bisect.insort(self._pool_rows[pool], (night, self._rows))
        self._rows += 1

    def limit(self, limit: Limit, day: int) -> None:
        """Add a row of one of the plan rules."""
        if any(known is limit and at == day for known, at, _ in self._limit_rows):
            return
        weights = limit.weights(self.options, np.array(self.chosen, dtype=np.int64), day)
        where = np.flatnonzero(weights).astype(np.int32)
        self._add_rows(
            np.array([-highspy.kHighsInf]),
            np.array([float(limit.capacity(day))]),
            np.array([0], dtype=np.int32),
            where,
            weights[where].astype(np.float64),
        )
        self._limit_rows.append((limit, day, self._rows))
        self._rows += 1

    def _add_rows(
        self,
        lower: Floats,
        upper: Floats,
        starts: npt.NDArray[np.int32] | None = None,
        columns: npt.NDArray[np.int32] | None = None,
        values: Floats | None = None,
    ) -> None:
        empty = np.zeros(0, dtype=np.int32)
        status = self.highs.addRows(
            len(lower),
            lower,
            upper,
            0 if columns is None else len(columns),
            np.zeros(len(lower), dtype=np.int32) if starts is None else starts,
            empty if columns is None else columns,
            np.zeros(0) if values is None else values,
        )
        if status == highspy.HighsStatus.kError:
            raise ModelError("the linear programme refused a row")

    # ---- solving --------------------------------------------------------------------------

    def solve(self, time_limit_s: float | None = None) -> bool:
        """Solve over what has been taken in; False when it was stopped before the optimum."""
        if time_limit_s is not None:
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.1, time_limit_s))
        self.highs.run()
        self.iterations += max(0, int(self.highs.getInfo().simplex_iteration_count))
        status = self.highs.getModelStatus()
        return bool(status == highspy.HighsModelStatus.kOptimal)

    def values(self) -> Floats:
        """x of each column taken in."""
        return np.asarray(self.highs.getSolution().col_value, dtype=np.float64)

    def prices(self) -> Prices:
        """Dual values of the last solution, negative noise cut to 0."""
        dual = np.asarray(self.highs.getSolution().row_dual, dtype=np.float64)
        beds = np.zeros(self.stock.capacity.shape, dtype=np.float64)
        for pool, nights in self._pool_rows.items():
            for night, row in nights:
                beds[pool, night] = max(0.0, -dual[row])
        limits = tuple(
            (limit, day, max(0.0, -float(dual[row])))
            for limit, day, row in self._limit_rows
            if dual[row] < 0
        )
        return Prices(beds, limits, tuple(max(0.0, float(dual[row])) for row in self._earlier))

    def crowded(self, used: Floats | None = None) -> Floats:
        """People above beds in each pool and night, for the last solution."""
        values = self.values() if used is None else used
        return occupancy(self.stock, self.options, np.array(self.chosen), values) - (
            self.stock.capacity
        )


def occupancy(
    stock: Stock, options: Options, chosen: Indexes, values: Floats
) -> Floats:
    """People in each pool on each night when option chosen[k] is taken values[k] times."""
    pools, days = stock.capacity.shape
    change = np.zeros((pools, days + 1))
    live = values > 1e-9
    taken = chosen[live]
    np.add.at(change, (options.pool[taken], options.arrival[taken]), values[live])
    ends = options.arrival[taken] + options.nights[taken]
    np.add.at(change, (options.pool[taken], ends), -values[live])
    return np.cumsum(change, axis=1)[:, :days]


def worth(
    options: Options, gain: Values, earlier: Sequence[Values], prices: Prices
) -> Floats:
    """What each option is worth at the prices: its gains less what its nights cost."""
    total = gain.astype(np.float64)
    for weight, held in zip(prices.earlier, earlier, strict=True):
        if weight:
            total = total + weight * held
    running = np.zeros((prices.beds.shape[0], prices.beds.shape[1] + 1))
    np.cumsum(prices.beds, axis=1, out=running[:, 1:])
    ends = options.arrival + options.nights
    total -= running[options.pool, ends] - running[options.pool, options.arrival]
    everything = np.arange(len(options), dtype=np.int64)
    for limit, day, price in prices.limits:
        weights = limit.weights(options, everything, day)
        touched = np.flatnonzero(weights)
        total[touched] -= price * weights[touched]
    return total

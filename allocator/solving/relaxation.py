"""Relaxation: the linear programme in which a person may be in several beds at once, in parts.

Idle beds flow along each pool's days: idle tonight = idle last night + beds that become free −
beds that go − arrivals + departures. A stay is then in three rows (its person, its arrival, its
departure), and an interior point method solves the whole in seconds where a simplex method takes
minutes, because so many plans are equally good. Only some of the options are columns; the prices
found are tried on all of them, and those that look good come in (`pricing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain
from allocator.solving.clock import Clock
from allocator.solving.entries import Entries, Rows
from allocator.solving.model import Model
from allocator.solving.prices import Prices, night_prices, none_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
DEAREST = 4.0
"""A target may be missed by a unit at the price of so many of the best gains of the level: prices
on earlier levels stay small enough to settle, and the bound is as valid as with any others."""
IN_USE = 1e-3
"""Flow of an option above which it is in use."""
NOISE = 0.3
"""Share by which chance can make an option count for more at a corner."""


@dataclass(frozen=True)
class Relaxed:
    """An optimum over the columns there are: column k is option `columns[k]`."""

    value: float
    prices: Prices
    people: Floats
    """What each party's place is worth to the plan."""
    columns: Ints
    flow: Floats


class Relaxation:
    """The linear programme over some of the options, with what is held and limited."""

    def __init__(self, model: Model, clock: Clock) -> None:
        self.model, self._clock = model, clock
        self.parties = len(model.parties)
        self.inside = np.zeros(len(model.options), dtype=bool)
        self.targets: dict[int, int] = {}
        """What each level that is held must reach."""
        self.limits = model.limits.every
        self.limit_rows: list[tuple[int, int]] = []
        """Limits, by number, that have a row for a day. Rooms need none: see `RoomsAlone`."""
        capacity = model.stock.capacity.astype(np.int64)
        before = np.concatenate([np.zeros((len(capacity), 1), np.int64), capacity[:, :-1]], axis=1)
        self._jump = capacity - before

    def take_in(self, options: Ints) -> int:
        """Let these options be columns; how many were not."""
        fresh = int((~self.inside[options]).sum())
        self.inside[options] = True
        return fresh

    def hold(self, level: int, target: int) -> None:
        """From now on the level's total is at least `target`; a later call sets it anew."""
        if not self.model.gain_of[level].is_nothing:
            self.targets[level] = target

    def add_limit(self, number: int, day: int) -> bool:
        """Add a limit's row for a day; False when it is there already."""
        if (number, day) in self.limit_rows:
            return False
        self.limit_rows.append((number, day))
        return True

    def gain(self, level: int, options: Ints) -> Ints:
        """What these options add to a level."""
        return self.model.gains.at(self.model.gain_of[level], options)

    def corner(self, relaxed: Relaxed, level: int, random: np.random.Generator) -> Relaxed | None:
        """A corner among the optima over the columns in use: most people whole, few in parts.

        Chance tells equally good plans apart, so that each call can find another corner.
        """
        columns = relaxed.columns[relaxed.flow > IN_USE]
        noise = 1.0 + NOISE * random.random(len(columns))
        return self._solve(columns, noise * self.gain(level, columns), corner=True)

    def solve(self, level: int) -> Relaxed | None:
        """The best of a level over the columns there are; None: the method does not get there."""
        concerned = np.zeros(self.parties, dtype=bool)
        for each in [level, *self.targets]:
            concerned |= concerns(self.model.gain_of[each], self.parties)
        columns = np.flatnonzero(self.inside)
        columns = columns[concerned[self.model.options.party[columns]]]
        return self._solve(columns, self.gain(level, columns).astype(np.float64))

    def _solve(self, columns: Ints, worth: Floats, corner: bool = False) -> Relaxed | None:
        if not len(columns):
            return Relaxed(0.0, none_of(self.model), np.zeros(self.parties), columns, np.zeros(0))
        rows, nodes = self._rows(columns)
        short = DEAREST * max(1.0, float(np.abs(worth).max()))
        cost = [-worth, np.zeros(len(nodes)), np.full(len(self.targets), short)]
        highs = _solved(rows, np.concatenate(cost), corner, self._clock.left())
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        price = -np.asarray(solution.row_dual, dtype=np.float64)
        flow = np.asarray(solution.col_value, dtype=np.float64)[: len(columns)]
        value = -float(highs.getInfo().objective_function_value)
        people = np.maximum(0.0, price[: self.parties])
        return Relaxed(value, self._prices(price, nodes), people, columns, flow)

    def _prices(self, price: Floats, nodes: Ints) -> Prices:
        held = self.parties + len(nodes)
        limited = held + len(self.targets)
        limits: dict[int, Floats] = {}
        for (number, day), dual in zip(self.limit_rows, price[limited:].tolist(), strict=True):
            limits.setdefault(number, np.zeros(self.model.stock.days))[day] += max(0.0, dual)
        return Prices(
            night_prices(nodes, price[self.parties : held], self.model.stock.capacity.shape),
            dict(zip(self.targets, np.maximum(0.0, -price[held:limited]).tolist(), strict=True)),
            limits,
        )

    def _rows(self, columns: Ints) -> tuple[Rows, Ints]:
        """Rows of people, the nodes of the flow, what is held, limits; and the nodes.

        A node is a pool times the days plus a day. Columns of idle beds follow those of options;
        then what each target may be missed by, at a price.
        """
        options, days = self.model.options, self.model.stock.days
        count, first = len(columns), self.parties
        every = np.arange(count)
        more = self.model.alone.kept_empty(columns)
        taker = np.concatenate([every, more.taker])
        pool = np.concatenate([options.pool[columns], more.pool]).astype(np.int64)
        begins = pool * days + np.concatenate([options.arrival[columns], more.first])
        stops = np.concatenate([options.ends(columns), more.end])
        within = stops < days
        stops = pool * days + stops
        used = np.unique(pool)
        place, day = np.nonzero(self._jump[used])
        nodes = np.unique(np.concatenate([begins, stops[within], used[place] * days + day]))
        onward = np.flatnonzero(nodes[1:] // days == nodes[:-1] // days)
        idle = len(nodes)
        entries = Entries(first + idle + len(self.targets) + len(self.limit_rows))
        entries.put(options.party[columns].astype(np.int64), every, 1.0)
        entries.put(first + np.searchsorted(nodes, begins), taker, 1.0)
        entries.put(first + np.searchsorted(nodes, stops[within]), taker[within], -1.0)
        # Idle beds go from each node to the next one of the same pool.
        entries.put(first + np.arange(idle), count + np.arange(idle), 1.0)
        entries.put(first + 1 + onward, count + onward, -1.0)
        row = first + idle
        for number, level in enumerate(self.targets):
            entries.put_row(row, self.gain(level, columns))
            entries.put(np.array([row]), np.array([count + idle + number]), 1.0)
            row += 1
        for number, at in self.limit_rows:
            entries.put_row(row, self.limits[number].weights(options, columns, at))
            row += 1
        jump = self._jump.ravel()[nodes].astype(np.float64)
        free, targets = highspy.kHighsInf, list(self.targets.values())
        limits = [float(self.limits[number].capacity(at)) for number, at in self.limit_rows]
        lower = np.concatenate([np.full(first, -free), jump, targets, np.full(len(limits), -free)])
        upper = np.concatenate([np.ones(first), jump, np.full(len(targets), free), limits])
        return entries.rows(lower, upper), nodes


def concerns(gain: Gain, parties: int) -> Flags:
    """The parties to whose options a level's gain is not always 0."""
    found: Flags = np.zeros(parties, dtype=bool) | (gain.party != 0)
    if gain.table is not None:
        found |= gain.table.any(axis=1)
    if gain.slope is not None:
        found |= gain.slope != 0
    if gain.exact:
        found[list(gain.exact)] = True
    return found


def _solved(rows: Rows, cost: Floats, corner: bool, seconds: float) -> highspy.Highs:
    """The programme after HiGHS has had it."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(rows.lower)
    programme.col_cost_ = cost
    programme.col_lower_ = np.zeros(len(cost))
    programme.col_upper_ = np.full(len(cost), highspy.kHighsInf)
    programme.row_lower_, programme.row_upper_ = rows.lower, rows.upper
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = rows.start, rows.index
    programme.a_matrix_.value_ = rows.value
    highs = highspy.Highs()
    for name, setting in (
        ("output_flag", False),
        ("time_limit", max(1.0, seconds)),
        ("threads", 1),
        ("solver", "ipm"),
        ("run_crossover", "on" if corner else "off"),
    ):
        highs.setOptionValue(name, setting)
    highs.passModel(programme)
    highs.run()
    if not corner and highs.getModelStatus() == highspy.HighsModelStatus.kUnknown:
        # The interior point method can stop just short of its tolerances: go on to a corner.
        highs.clearSolver()
        highs.setOptionValue("run_crossover", "on")
        highs.run()
    return highs

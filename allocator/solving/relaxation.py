"""Relaxation: the linear programme in which a person may be in several beds at once, in parts.

Where all options are columns an interior point method solves the flow of idle beds (`flow.py`) in
seconds where a simplex method takes minutes, because so many plans are equally good. Where only
some are, the prices found are tried on all, those that look good come in (`pricing.py`), and a
first-order method goes on from where it was (`steps.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain
from allocator.solving.clock import Clock
from allocator.solving.entries import Rows
from allocator.solving.flow import Flow, Row
from allocator.solving.highs import loaded, run
from allocator.solving.model import Model
from allocator.solving.prices import Prices, night_prices, none_of
from allocator.solving.steps import Point, carried, stepped

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
EXCHANGE = 4
"""People of one level that one of the level before counts for, where they are sought together: a
bed given to one person is seldom taken from more than so many others."""
MOST_STEPS = 3
"""Levels before it that far back, and further, count alike: large weights are ill to solve with."""
LAST_EXCHANGE = 1.5
"""The same between the last two levels, where it is not people that are sought: what the plan is
short of in parts costs so many of these."""
A_PLACE = 0.25
"""What a place of the last band counts for then: a share of the most that anyone adds."""
DEAREST = 4.0
"""A target may be missed by a unit at the price of so many of the best gains of the level: prices
on earlier levels stay small enough to settle, and the bound is as valid as with any others."""

TIGHT, LOOSE = 1e-8, 2e-5
"""Gaps at which the interior point method ends, as shares of the total. Where many options are to
come in, prices from the middle of the best bring in fewer."""
NEAR = 1e-3
"""Share of the total by which a programme that HiGHS calls unknown may miss."""

IN_USE = 0.01
"""Flow of an option above which it is in use."""


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
        self._first = np.array([party.first for party in model.parties], dtype=np.int64)
        self.inside = np.zeros(len(model.options), dtype=bool)
        self.able = np.ones(len(model.options), dtype=bool)
        """Options that a plan as good as what is held may still hold; replaced, never changed."""
        self.targets: dict[int, int] = {}
        """What each level that is held must reach."""
        self.weighs = False
        """Whether levels of people are held by what they count for, which is easier than rows."""
        self.weighs_all = False
        """Whether that goes for levels that are not of people as well: a looser bound, and soon."""
        self.limits = model.limits.every
        self.limit_rows: list[tuple[int, int]] = []
        """Limits, by number, that have a row for a day. Rooms need none: see `RoomsAlone`."""
        self._free = model.stock.capacity.astype(np.int64)
        self._last: Relaxed | None = None

    def take_in(self, options: Ints) -> int:
        """Let these options be columns; how many were not."""
        options = options[self.able[options] & ~self.inside[options]]
        self.inside[options] = True
        return len(options)

    def go_on_from(self, other: Relaxation) -> None:
        """Begin the next programme where the last of another relaxation ended, with its columns."""
        self.inside = other.inside & self.able
        self.limit_rows = list(other.limit_rows)
        self._last = other._last

    def reopen(self, able: Flags) -> None:
        """Options may be columns again that were when `able` was what it is now given as."""
        self.able = able

    def rule_out(self, options: Ints) -> None:
        """From now on these options are no columns."""
        if len(options):
            self.able = self.able.copy()
            self.able[options] = False
            self.inside[options] = False

    def weights(self, level: int) -> dict[int, float]:
        """What a unit of each earlier level counts for where that is not held by a row."""
        if not self.weighs:
            return {}
        people = [k for k in [*self.targets, level] if self.model.levels[k].unit == "people"]
        if level in people:
            steps = [min(len(people) - 1 - n, MOST_STEPS) for n in range(len(people) - 1)]
            return {k: float(EXCHANGE**n) for k, n in zip(people, steps, strict=False)}
        if not self.weighs_all:
            return {}
        steps = [min(len(people) - 2 - n, MOST_STEPS) for n in range(len(people) - 1)]
        exchange = [LAST_EXCHANGE * EXCHANGE**n for n in steps] + [1.0]
        return dict(zip(people, self._a_place(level) * np.array(exchange), strict=False))

    def _a_place(self, level: int) -> float:
        """What a place of the last band counts for, in units of a level that is not of people."""
        gain, parties = self.model.gain_of[level], self.model.parties
        most = float(np.abs(gain.party).max(initial=0)) if gain.same_everywhere else 0.0
        if gain.by_pair is not None:
            pairs = self.model.options.pairs
            range_of = pairs.most(gain.by_pair) + pairs.most(-gain.by_pair)
            most = max(most, float(range_of.max(initial=0)))
        if gain.slope is not None:
            waits = np.array([party.last - party.first for party in parties])
            most = max(most, float(np.abs(gain.slope * waits).max(initial=0)))
        return max(1.0, A_PLACE * most)

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

    def solve(self, level: int, tolerance: float, most: int) -> Relaxed | None:
        """The best of a level over the columns there are; None: the method does not get there.

        `tolerance`: share of the value that it may miss where it goes by steps, `most` of them.
        """
        concerned = np.zeros(self.parties, dtype=bool)
        for each in [level, *self.targets]:
            concerned |= concerns(self.model, self.model.gain_of[each])
        columns = np.flatnonzero(self.inside)
        columns = columns[concerned[self.model.options.party[columns]]]
        weights = self.weights(level)
        worth = self.model.added({level: 1.0, **weights}, columns)
        return self._solve(columns, worth, weights, tolerance, most)

    def _solve(
        self,
        columns: Ints,
        worth: Floats,
        weights: Mapping[int, float],
        tolerance: float,
        most: int,
    ) -> Relaxed | None:
        if not len(columns):
            return Relaxed(0.0, none_of(self.model), np.zeros(self.parties), columns, np.zeros(0))
        flow = Flow(self.model, columns, self._free)
        held = [] if weights else list(self.targets)
        rows = flow.rows(list(self._held(held, columns)))
        short = DEAREST * max(1.0, float(np.abs(worth).max()))
        cost = [-worth, np.zeros(flow.nodes), np.full(len(held), short)]
        point = self._point(flow, rows, np.concatenate(cost), columns, held, tolerance, most)
        if point is None:
            return None
        price, taken = -point.duals, point.amounts[: len(columns)]
        value = -point.value
        value -= sum(weight * self.targets[level] for level, weight in weights.items())
        people = np.maximum(0.0, price[: self.parties])
        first = self.parties + flow.nodes
        paid = np.maximum(0.0, -price[first : first + len(held)]).tolist()
        earlier = {**weights, **dict(zip(held, paid, strict=True))}
        prices = self._prices(price, flow, first + len(held), earlier)
        self._last = Relaxed(value, prices, people, columns, taken)
        return self._last

    def _point(
        self,
        flow: Flow,
        rows: Rows,
        cost: Floats,
        columns: Ints,
        held: Sequence[int],
        tolerance: float,
        most: int,
    ) -> Point | None:
        """Where the programme ends: by steps from where the last one did, if nothing has a row."""
        if self.weighs and not held:
            return stepped(rows, cost, self._begin(flow, columns), tolerance, self._clock, most)
        highs = _solved(rows, cost, self._clock, LOOSE if self.weighs else TIGHT)
        if highs is None:
            return None
        solution = highs.getSolution()
        return Point(
            np.asarray(solution.col_value, dtype=np.float64),
            np.asarray(solution.row_dual, dtype=np.float64),
            float(highs.getInfo().objective_function_value),
        )

    def _begin(self, flow: Flow, columns: Ints) -> Point | None:
        """Where the last programme ended, in the columns and rows of this one."""
        if self._last is None:
            return None
        last, days = self._last, self.model.stock.days
        before = np.zeros(len(self.model.options))
        before[last.columns] = last.flow
        amounts = before[columns]
        none = np.zeros(days)
        limits = [last.prices.limits.get(number, none)[day] for number, day in self.limit_rows]
        duals = -np.array(limits, dtype=np.float64)
        return carried(flow, amounts, last.people, last.prices.beds, duals)

    def _prices(self, price: Floats, flow: Flow, limited: int, earlier: dict[int, float]) -> Prices:
        """`limited`: the first row of a limit."""
        beds = price[self.parties : self.parties + flow.nodes]
        limits: dict[int, Floats] = {}
        for (number, day), dual in zip(self.limit_rows, price[limited:].tolist(), strict=True):
            limits.setdefault(number, np.zeros(self.model.stock.days))[day] += max(0.0, dual)
        return Prices(night_prices(flow, beds, self.model.stock.capacity.shape), earlier, limits)

    def _held(self, held: Sequence[int], columns: Ints) -> Iterator[Row]:
        """Rows of what is held, then of limits."""
        for level in held:
            target = self.targets[level]
            gain = self.gain(level, columns)
            where = np.flatnonzero(gain)
            yield Row(where, gain[where], lower=target, soft=True)
        numbers = {number for number, _ in self.limit_rows}
        weights = {k: self.limits[k].each_day(self.model.options, columns) for k in numbers}
        for number, day in self.limit_rows:
            weight = weights[number](day)
            where = np.flatnonzero(weight)
            yield Row(where, weight[where], upper=self.limits[number].capacity(day))


def concerns(model: Model, gain: Gain) -> Flags:
    """The parties to whose options a level's gain is not always 0."""
    found: Flags = gain.party != 0
    if gain.by_pair is not None:
        found |= model.options.pairs.most(np.abs(gain.by_pair)) > 0
    if gain.slope is not None:
        found |= gain.slope != 0
    if gain.exact:
        found[list(gain.exact)] = True
    return found


def _solved(rows: Rows, cost: Floats, clock: Clock, tolerance: float) -> highspy.Highs | None:
    """The programme after HiGHS has had it; None where it did not come near enough."""
    highs = loaded(
        rows,
        cost,
        time_limit=max(1.0, clock.left()),
        solver="ipm",
        run_crossover="off",
        ipm_optimality_tolerance=tolerance,
    )
    run(highs, clock.stopped)
    near = NEAR if tolerance > TIGHT else 0.0
    if not _done(highs, near) and not clock.stopped():
        # The interior point method can stop short of its tolerances: go on to a corner.
        highs.clearSolver()
        highs.setOptionValue("run_crossover", "on")
        run(highs, clock.stopped)
    return highs if _done(highs, near) else None


def _done(highs: highspy.Highs, near: float) -> bool:
    """Whether it is at its best, or so near that HiGHS only says it does not know."""
    status, info = highs.getModelStatus(), highs.getInfo()
    missed = max(info.primal_dual_objective_error, info.max_relative_primal_residual_error)
    return status == highspy.HighsModelStatus.kOptimal or bool(
        status == highspy.HighsModelStatus.kUnknown and missed < near
    )

"""Master: the linear programme over whole paths of stays, and the bound it proves.

Each column is a path: the stays that one run of free nights takes. Rows: a person has one bed at
most; a group of alike runs has so many paths; earlier levels keep what they have reached; limits
hold. Columns are made by `Paths.best` at the current prices (Dantzig and Wolfe, "Decomposition
principle for linear programs", Operations Research 8, 1960). The bound is the Lagrangian one, so
it holds at every round, finished or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.limits import Limit
from allocator.solving.options import Options
from allocator.solving.paths import Best, Path, Paths

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Held:
    """An earlier level over the sorted options of a master, and what it must reach."""

    gain: Ints
    target: int


@dataclass(frozen=True)
class Duals:
    """Prices that bound a level: on people, on earlier levels, on limits."""

    people: Floats
    earlier: Floats
    limits: Floats

    def with_people(self, people: Floats) -> Duals:
        """The same prices on levels and limits, with others on people."""
        return Duals(people, self.earlier, self.limits)

    def towards(self, other: Duals, share: float) -> Duals:
        """Prices so far on the way to another's; limits that came in since start from 0."""
        mine = np.zeros(len(other.limits))
        mine[: len(self.limits)] = self.limits
        return Duals(
            (1 - share) * self.people + share * other.people,
            (1 - share) * self.earlier + share * other.earlier,
            (1 - share) * mine + share * other.limits,
        )


class Master:
    """A path master over some pools; party rows are those of all parties, by their index."""

    def __init__(
        self,
        options: Options,
        paths: Paths,
        parties: int,
        seed: int = 0,
    ) -> None:
        self.options, self.paths = options, paths
        self.held: list[Held] = []
        self._held_rows: list[int] = []
        self._limit_rows: list[int] = []
        self.parties = parties
        self.groups = len(paths.group_size)
        self.limits: list[tuple[Limit, int, Ints]] = []
        self._columns: list[Path] = []
        self._known: set[tuple[int, bytes]] = set()
        self.highs = highspy.Highs()
        for name, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", seed),
            ("solver", "simplex"),
            ("simplex_strategy", 4),
        ):
            self.highs.setOptionValue(name, setting)
        upper = np.concatenate([np.ones(parties), paths.group_size.astype(np.float64)])
        self._add_rows(np.full(len(upper), -highspy.kHighsInf), upper)
        self._rows = parties + self.groups

    def _add_rows(self, lower: Floats, upper: Floats) -> None:
        count = len(lower)
        none = np.zeros(0, dtype=np.int32)
        status = self.highs.addRows(
            count, lower, upper, 0, np.zeros(count, np.int32), none, np.zeros(0)
        )
        if status == highspy.HighsStatus.kError:
            raise ModelError("the linear programme refused its rows")

    # ---- columns --------------------------------------------------------------------------

    def add_paths(self, paths: Iterable[Path], objective: Ints) -> int:
        """Add paths; how many were new."""
        fresh = []
        for group, stays in paths:
            key = (group, stays.tobytes())
            if key not in self._known:
                self._known.add(key)
                fresh.append((group, stays))
        if fresh:
            self._add_columns(fresh, objective)
        return len(fresh)

    def _add_columns(self, fresh: list[Path], objective: Ints) -> None:
        starts: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        costs: list[float] = []
        for group, stay in fresh:
            starts.append(len(rows))
            who, times = np.unique(self.paths.who[stay], return_counts=True)
            rows += [*who.tolist(), self.parties + group]
            values += [*times.astype(float).tolist(), 1.0]
            for k, held in enumerate(self.held):
                total = int(held.gain[stay].sum())
                if total:
                    rows.append(self._held_rows[k])
                    values.append(float(total))
            for k, (_, _, weight) in enumerate(self.limits):
                total = int(weight[stay].sum())
                if total:
                    rows.append(self._limit_rows[k])
                    values.append(float(total))
            costs.append(-float(objective[stay].sum()))
        count = len(fresh)
        self.highs.addCols(
            count,
            np.array(costs),
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(rows),
            np.array(starts, dtype=np.int32),
            np.array(rows, dtype=np.int32),
            np.array(values),
        )
        self._columns += fresh

    def aim_for(self, objective: Ints) -> None:
        """Make this level's gains what is maximised."""
        if self._columns:
            costs = np.array([-float(objective[stay].sum()) for _, stay in self._columns])
            every = np.arange(len(costs), dtype=np.int32)
            self.highs.changeColsCost(len(costs), every, costs)

    def hold(self, gain: Ints, target: int) -> None:
        """From now on the total of `gain` is at least `target`."""
        self._held_rows.append(self._add_row(gain, float(target), highspy.kHighsInf))
        self.held.append(Held(gain, target))

    def add_limit(self, limit: Limit, day: int) -> bool:
        """Add a limit's row for a day; False when it is there already."""
        if any(known is limit and at == day for known, at, _ in self.limits):
            return False
        weight = limit.weights(self.options, self.paths.which, day)
        upper = float(limit.capacity(day))
        self._limit_rows.append(self._add_row(weight, -highspy.kHighsInf, upper))
        self.limits.append((limit, day, weight))
        return True

    def _add_row(self, weight: Ints, lower: float, upper: float) -> int:
        totals = np.array([weight[stay].sum() for _, stay in self._columns], dtype=np.float64)
        where = np.flatnonzero(totals).astype(np.int32)
        self.highs.addRow(lower, upper, len(where), where, totals[where])
        self._rows += 1
        return self._rows - 1

    # ---- solving --------------------------------------------------------------------------

    def solve(self) -> Duals:
        """Solve over the columns there are. Raises ModelError when it cannot be solved."""
        if not self._columns:
            return Duals(
                np.zeros(self.parties), np.zeros(len(self.held)), np.zeros(len(self.limits))
            )
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ModelError(f"the linear programme ended as {status}")
        dual = np.asarray(self.highs.getSolution().row_dual, dtype=np.float64)
        return Duals(
            people=np.maximum(0.0, -dual[: self.parties]),
            earlier=np.maximum(0.0, dual[np.array(self._held_rows, dtype=np.int64)]),
            limits=np.maximum(0.0, -dual[np.array(self._limit_rows, dtype=np.int64)]),
        )

    def worth(self, objective: Ints, duals: Duals) -> Floats:
        """What each sorted option is worth before its person's price."""
        total = objective.astype(np.float64)
        for price, held in zip(duals.earlier, self.held, strict=True):
            if price:
                total = total + price * held.gain
        # Prices found before a limit came in do not have it: its price is 0.
        for price, (_, _, weight) in zip(duals.limits, self.limits, strict=False):
            if price:
                total = total - price * weight
        return total

    def bound_at(self, objective: Ints, duals: Duals) -> tuple[float, Best]:
        """The Lagrangian bound on the level at these prices."""
        best = self.paths.best(self.worth(objective, duals) - duals.people[self.paths.who])
        fixed = float(duals.people.sum())
        fixed -= sum(p * h.target for p, h in zip(duals.earlier, self.held, strict=True))
        fixed += sum(
            p * limit.capacity(day)
            for p, (limit, day, _) in zip(duals.limits, self.limits, strict=False)
        )
        return best.value + fixed, best

    def flows(self) -> Floats:
        """How much of each sorted option the last solution takes."""
        flow = np.zeros(len(self.paths.which))
        if not self._columns:
            return flow
        x = np.asarray(self.highs.getSolution().col_value, dtype=np.float64)
        for k in np.flatnonzero(x > TINY):
            flow[self._columns[k][1]] += x[k]
        return flow

    def options_in_paths(self) -> npt.NDArray[np.bool_]:
        """Whether each sorted option is in some path there is."""
        found = np.zeros(len(self.paths.which), dtype=bool)
        for _, stays in self._columns:
            found[stays] = True
        return found

    def value(self) -> float:
        """Objective of the last solution."""
        if not self._columns:
            return 0.0
        return -float(self.highs.getInfo().objective_function_value)

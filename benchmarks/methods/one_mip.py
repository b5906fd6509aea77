"""One big MIP for HiGHS: a 0-1 column for each person, pool of like beds and arrival day.

Beds are counted as a flow along the days of each pool, which keeps three entries a column. The
levels are solved one after the other, each fixed when it is done, from the greedy plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import highspy
import numpy as np

from allocator.plan import Plan
from benchmarks.methods.choices import Person, people
from benchmarks.methods.ledger import arrivals_limit, near
from benchmarks.methods.pools import columns_of, give_beds, pools_of
from benchmarks.methods.rooms import Spell, room_limits
from benchmarks.methods.situation import Situation
from benchmarks.methods.start_and_finish import greedy_start, level_by_level

MOST_COLUMNS = 4_000_000
"""Beyond this the model does not fit in the memory of the machine; no plan is given."""
GAP_OF_WHOLE_NUMBERS = 0.9
"""Levels are whole numbers: a plan within less than 1 of the bound is the best."""


class TooLargeError(Exception):
    """The model would not fit in memory."""


def one_mip(situation: Situation, *, seed: int, limit_s: float) -> Plan:
    """The plan reached within the limit: at worst the greedy one it starts from."""
    return level_by_level(situation, _Model(situation, seed), limit_s, "one HiGHS MIP")


class _Rows:
    """Rows as they come: entries, and a lower and an upper limit each."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, entries: Iterable[tuple[int, float]], lower: float, upper: float) -> None:
        """One row."""
        for column, value in entries:
            self.row.append(len(self.upper))
            self.column.append(column)
            self.value.append(value)
        self.lower.append(lower)
        self.upper.append(upper)


class _Model:
    """The model in HiGHS, and the way between its columns and people in beds."""

    def __init__(self, situation: Situation, seed: int) -> None:
        self.situation = situation
        self.people = [p for p in people(situation) if len(p.beds)]
        self.pools = pools_of(situation)
        self.columns = columns_of(situation, self.people, self.pools)
        self.count = len(self.columns.person)
        if self.count > MOST_COLUMNS:
            raise TooLargeError("more columns than fit in memory")
        self.site = [int(situation.site_of_bed[self.pools[pool][0]]) for pool in self.columns.pool]
        self.rows = _Rows()
        self.total = self.count
        self.slack: list[tuple[int, list[Spell], np.ndarray, list[int]]] = []
        """First slack column, spells, room and days of each limit."""
        self._one_choice_a_person()
        self._flow()
        self._side_rules()
        self.highs = self._load(seed)
        self.start: np.ndarray | None = self.values_of(greedy_start(situation))

    def reach(
        self, code: str, most: bool, value: int, limit_s: float
    ) -> tuple[dict[str, tuple[int, int]] | None, int | None, bool]:
        """Solve for one level from the last plan."""
        highs, every = self.highs, np.arange(self.total, dtype=np.int32)
        highs.changeColsCost(self.total, every, self._cost(code))
        highs.changeObjectiveSense(
            highspy.ObjSense.kMaximize if most else highspy.ObjSense.kMinimize
        )
        # HiGHS counts the time of every solve so far against its limit.
        highs.setOptionValue("time_limit", highs.getRunTime() + limit_s)
        if self.start is not None:
            highs.setSolution(self.total, every, self.start)
        # HiGHS has one pool of threads a process, and refuses another number than the pool has.
        highspy.Highs.resetGlobalScheduler(True)
        ran = highs.run()
        highspy.Highs.resetGlobalScheduler(True)
        if ran == highspy.HighsStatus.kError:
            return None, None, False
        info = highs.getInfo()
        bound = info.mip_dual_bound
        whole = None
        if np.isfinite(bound):
            whole = int(np.floor(bound + 1e-6)) if most else int(np.ceil(bound - 1e-6))
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, whole, False
        values = np.rint(np.array(highs.getSolution().col_value))
        reached = round(float(self._cost(code) @ values))
        if reached < value if most else reached > value:
            return None, whole, False
        self.start = values
        # With the gap of whole numbers allowed, the bound may be just beyond what is proven best.
        proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return self.beds_of(values), reached if proven else whole, proven

    def fix(self, code: str, most: bool, value: int) -> None:
        """One more row."""
        cost = self._cost(code)
        used = np.flatnonzero(cost)
        limits = (float(value), highspy.kHighsInf) if most else (-highspy.kHighsInf, float(value))
        if len(used):
            self.highs.addRow(*limits, len(used), used.astype(np.int32), cost[used])

    def _cost(self, code: str) -> np.ndarray:
        cost = np.zeros(self.total)
        for columns, amounts in self.columns.gain.get(code, ()):
            cost[columns] = amounts
        return cost

    def beds_of(self, values: np.ndarray) -> dict[str, tuple[int, int]]:
        """Bed and day by person."""
        of_pool: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for n in np.flatnonzero(values[: self.count] > 0.5).tolist():
            stay = (self.columns.day[n], self.columns.end[n], self._person(n).id)
            of_pool[self.columns.pool[n]].append(stay)
        found: dict[str, tuple[int, int]] = {}
        for pool, stays in of_pool.items():
            found |= give_beds(self.situation, self.pools[pool], stays)
        return found

    def values_of(self, found: dict[str, tuple[int, int]]) -> np.ndarray:
        """The values of all columns for people in beds."""
        pool_of = {bed: n for n, beds in enumerate(self.pools) for bed in beds}
        wanted = {(person, pool_of[bed], day) for person, (bed, day) in found.items()}
        values = np.zeros(self.total)
        for n in range(self.count):
            if (self._person(n).id, self.columns.pool[n], self.columns.day[n]) in wanted:
                values[n] = 1
        for column, spells, room, days in self.slack:
            left = room.astype(np.float64)
            for n, first, end in spells:
                if values[n]:
                    left[first:end] -= 1
            values[column : column + len(days)] = left[days]
        return values

    def _person(self, column: int) -> Person:
        return self.people[self.columns.person[column]]

    def _one_choice_a_person(self) -> None:
        of_person: dict[int, list[int]] = defaultdict(list)
        for n, person in enumerate(self.columns.person):
            of_person[person].append(n)
        for columns in of_person.values():
            self.rows.add(((n, 1.0) for n in columns), -highspy.kHighsInf, 1.0)

    def _flow(self) -> None:
        """Beds of each pool: no more people than beds on any night."""
        in_pool: dict[int, list[Spell]] = defaultdict(list)
        for n, pool in enumerate(self.columns.pool):
            in_pool[pool].append((n, self.columns.day[n], self.columns.end[n]))
        for pool, spells in sorted(in_pool.items()):
            self._limit(spells, self.situation.free[self.pools[pool]].sum(axis=0))

    def _limit(self, spells: list[Spell], room: np.ndarray) -> None:
        """Room left today = room left before + room that comes - spells begun + spells ended."""
        room = np.append(room, room[-1])
        at: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for n, first, end in spells:
            at[first].append((n, 1.0))
            at[end].append((n, -1.0))
        changes = {0, *(int(n) + 1 for n in np.flatnonzero(np.diff(room)))}
        days = sorted(changes | set(at))
        before = 0.0
        for position, day in enumerate(days):
            entries = [*at[day], (self.total + position, 1.0)]
            if position:
                entries.append((self.total + position - 1, -1.0))
            come = float(room[day]) - before
            self.rows.add(entries, come, come)
            before = float(room[day])
        self.slack.append((self.total, spells, room, days))
        self.total += len(days)

    def _side_rules(self) -> None:
        one = np.ones(self.situation.nights)
        for spells in room_limits(self.situation, self.people, self.columns, self.pools):
            self._limit(spells, one)
        asking = [n for n in range(self.count) if self._person(n).referral is not None]
        of_site: dict[int, list[int]] = defaultdict(list)
        of_crn: dict[str, list[int]] = defaultdict(list)
        for n in asking:
            of_site[self.site[n]].append(n)
            of_crn[self._person(n).crn].append(n)
        for site, columns in of_site.items():
            self._cap_premises(site, columns)
        for columns in of_crn.values():
            if len({self.columns.person[n] for n in columns}) > 1:
                self._asleep(columns, one)
        self._keep_apart(of_crn)

    def _cap_premises(self, site: int, columns: list[int]) -> None:
        situation = self.situation
        premises = situation.problem.premises_by_id[situation.sites[site]]
        for cap in premises.mix_caps:
            name = cap.attribute.value
            counted = [n for n in columns if name in self._person(n).attributes]
            self._asleep(counted, cap.limit - situation.booked_with(site, name))
        if situation.beds_do_not_count(site):
            self._asleep(columns, situation.usable_count[site] - situation.booked[site])
        limit = arrivals_limit(situation, premises.id)
        by_day: dict[int, list[int]] = defaultdict(list)
        for n in columns:
            by_day[self.columns.day[n]].append(n)
        for day, arriving in by_day.items():
            if limit is not None:
                room = max(0, limit - int(situation.booked_arrivals[site, day]))
                if room < len({self.columns.person[n] for n in arriving}):
                    self.rows.add(((n, 1.0) for n in arriving), -highspy.kHighsInf, room)

    def _asleep(self, columns: list[int], room: np.ndarray) -> None:
        """On each night no more of these than there is room for."""
        spells = [(n, self.columns.day[n], self.columns.end[n]) for n in columns]
        if len({self.columns.person[n] for n in columns}) > room.min():
            self._limit(spells, np.maximum(0, room))

    def _keep_apart(self, of_crn: dict[str, list[int]]) -> None:
        situation = self.situation
        for pair in situation.problem.separations:
            one, other = of_crn.get(pair.crn, []), of_crn.get(pair.other_crn, [])
            for site in {self.site[n] for n in one} if other else ():
                here = [n for n in one if self.site[n] == site]
                there = [
                    n
                    for n in other
                    if near(
                        situation,
                        situation.sites[site],
                        situation.sites[self.site[n]],
                        pair.radius_miles,
                    )
                ]
                if there:
                    self._asleep(here + there, np.ones(situation.nights))

    def _load(self, seed: int) -> highspy.Highs:
        rows, lp = self.rows, highspy.HighsLp()
        order = np.lexsort((rows.row, rows.column))
        column = np.array(rows.column)[order]
        lp.num_col_, lp.num_row_ = self.total, len(rows.upper)
        lp.col_cost_ = np.zeros(self.total)
        lp.col_lower_ = np.zeros(self.total)
        most = np.full(self.total, highspy.kHighsInf)
        most[: self.count] = 1.0
        lp.col_upper_ = most
        lp.row_lower_, lp.row_upper_ = np.array(rows.lower), np.array(rows.upper)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * self.count + [
            highspy.HighsVarType.kContinuous
        ] * (self.total - self.count)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(column, np.arange(self.total + 1)).astype(np.int32)
        lp.a_matrix_.index_ = np.array(rows.row)[order].astype(np.int32)
        lp.a_matrix_.value_ = np.array(rows.value)[order]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", GAP_OF_WHOLE_NUMBERS)
        highs.setOptionValue("random_seed", seed)
        highs.setOptionValue("threads", 2)
        highs.passModel(lp)
        return highs

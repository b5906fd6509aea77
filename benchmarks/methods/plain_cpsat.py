"""Plain CP-SAT: an optional interval for each person and bed, one bed one person a night.

Every rule is a constraint; the levels are solved one after the other, each fixed when it is done.
It starts from the plan of the risk-order best-fit greedy, as a hint.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from allocator.plan import Plan
from benchmarks.methods.choices import Person, gains, people
from benchmarks.methods.ledger import arrivals_limit, clash, near
from benchmarks.methods.situation import Situation
from benchmarks.methods.start_and_finish import greedy_start, level_by_level

Literal = cp_model.IntVar
MOST_INTERVALS = 1_500_000
"""Beyond this the model does not fit in the memory of the machine; no plan is given."""


class TooLargeError(Exception):
    """The model would not fit in memory."""


def plain_cpsat(situation: Situation, *, seed: int, limit_s: float) -> Plan:
    """The plan reached within the limit: at worst the greedy one it starts from."""
    return level_by_level(situation, _Model(situation, seed), limit_s, "plain CP-SAT")


class _Model:
    """The whole model; variables are asked for by person and bed."""

    def __init__(self, situation: Situation, seed: int) -> None:
        self.situation, self.seed = situation, seed
        self.model = cp_model.CpModel()
        self.people = [p for p in people(situation) if len(p.beds)]
        if sum(len(np.unique(p.beds)) for p in self.people) > MOST_INTERVALS:
            raise TooLargeError("more optional intervals than fit in memory")
        self.start: dict[str, cp_model.IntVar | int] = {}
        self.present: dict[str, Literal] = {}
        self.sleeps: dict[tuple[str, int], Literal] = {}
        self.at: dict[str, dict[int, Literal]] = {}
        self._terms: dict[str, list[tuple[Literal | cp_model.IntVar, int]]] = defaultdict(list)
        self._in_bed: dict[int, list[tuple[Person, cp_model.IntervalVar]]] = defaultdict(list)
        for person in self.people:
            self._add_person(person)
        for beds in self._in_bed.values():
            self.model.add_no_overlap(interval for _, interval in beds)
        self._share_rooms()
        self._be_in_one_place()
        self._keep_apart()
        self._cap_premises()
        self.hint(greedy_start(situation))

    def hint(self, found: dict[str, tuple[int, int]]) -> None:
        """A start: bed and day by person."""
        for (person, bed), literal in self.sleeps.items():
            self.model.add_hint(literal, person in found and found[person][0] == bed)
        for person, literal in self.present.items():
            self.model.add_hint(literal, person in found)
            start = self.start[person]
            if person in found and not isinstance(start, int):
                self.model.add_hint(start, found[person][1])
            for site, there in self.at[person].items():
                here = person in found and self.situation.site_of_bed[found[person][0]] == site
                self.model.add_hint(there, bool(here))

    def reach(
        self, code: str, most: bool, value: int, limit_s: float
    ) -> tuple[dict[str, tuple[int, int]] | None, int | None, bool]:
        """Solve for one level from the last plan."""
        total = self._total(code)
        (self.model.maximize if most else self.model.minimize)(total)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = limit_s
        solver.parameters.num_workers = 2
        solver.parameters.random_seed = self.seed
        status = solver.solve(self.model)
        bound = solver.best_objective_bound
        whole = int(np.floor(bound + 1e-6)) if most else int(np.ceil(bound - 1e-6))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, None, False
        self._keep_as_hint(solver)
        return self._answer(solver), whole, status == cp_model.OPTIMAL

    def fix(self, code: str, most: bool, value: int) -> None:
        """One more constraint."""
        if self._terms.get(code):
            total = self._total(code)
            self.model.add(total >= value if most else total <= value)

    def _total(self, code: str) -> cp_model.LinearExpr:
        terms = self._terms[code]
        return cp_model.LinearExpr.weighted_sum([t[0] for t in terms], [t[1] for t in terms])

    def _answer(self, solver: cp_model.CpSolver) -> dict[str, tuple[int, int]]:
        return {
            person: (bed, int(solver.value(self.start[person])))
            for (person, bed), literal in self.sleeps.items()
            if solver.boolean_value(literal)
        }

    def _keep_as_hint(self, solver: cp_model.CpSolver) -> None:
        values = list(solver.response_proto.solution)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(values):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)

    def _add_person(self, person: Person) -> None:
        model = self.model
        days = np.unique(person.days)
        domain = cp_model.Domain.from_values([int(day) for day in days])
        start: cp_model.IntVar | int = int(days[0])
        if len(days) > 1:
            start = model.new_int_var_from_domain(domain, "")
        self.start[person.id] = start
        gain = gains(self.situation, person)
        first = {int(bed): n for n, bed in reversed(list(enumerate(person.beds)))}
        for bed in first:
            literal = model.new_bool_var("")
            self.sleeps[person.id, bed] = literal
            interval = model.new_optional_fixed_size_interval_var(start, person.nights, literal, "")
            self._in_bed[bed].append((person, interval))
            allowed = person.days[person.beds == bed]
            if len(allowed) < len(days):
                narrow = cp_model.Domain.from_values([int(day) for day in allowed])
                model.add_linear_expression_in_domain(start, narrow).only_enforce_if(literal)
        present = self.present[person.id] = model.new_bool_var("")
        literals = [self.sleeps[person.id, bed] for bed in first]
        model.add_exactly_one(*literals, ~present)
        self._be_at_premises(person, first)
        for code, worth in gain.items():
            if code.startswith("uncovered"):
                self._count_uncovered(person, code, start, present, worth)
            else:
                self._terms[code] += [
                    (self.sleeps[person.id, bed], int(worth[n]))
                    for bed, n in first.items()
                    if worth[n]
                ]

    def _be_at_premises(self, person: Person, beds: dict[int, int]) -> None:
        """A literal for each premises the person may be at."""
        of_site: dict[int, list[Literal]] = defaultdict(list)
        for bed in beds:
            of_site[int(self.situation.site_of_bed[bed])].append(self.sleeps[person.id, bed])
        self.at[person.id] = {}
        for site, literals in of_site.items():
            there = self.model.new_bool_var("")
            self.model.add_exactly_one(*literals, ~there)
            self.at[person.id][site] = there

    def _count_uncovered(
        self,
        person: Person,
        code: str,
        start: cp_model.IntVar | int,
        present: Literal,
        worth: NDArray[np.int64],
    ) -> None:
        """Nights from release to arrival, nothing for the unplaced."""
        if isinstance(start, int):
            if worth[0]:
                self._terms[code].append((present, int(worth[0])))
            return
        release = int(person.days[0] - worth[0])
        waiting = self.model.new_int_var(0, int(worth.max()), "")
        self.model.add(waiting == start - release).only_enforce_if(present)
        self.model.add(waiting == 0).only_enforce_if(~present)
        self._terms[code].append((waiting, 1))

    def _share_rooms(self) -> None:
        """In a room of several beds: nobody beside a person who may not share on that night."""
        problem = self.situation.problem
        for beds in problem.beds_in_room.values():
            indices = [self.situation.bed_index[bed.id] for bed in beds]
            for one in indices:
                for other in indices:
                    if one != other:
                        self._share_beds(one, other)

    def _share_beds(self, one: int, other: int) -> None:
        """Those in `one` who may not share, against those in `other`; two bookings are a fact."""
        there = self._in_bed[other]
        asking = [interval for person, interval in there if person.referral is not None]
        for booked in (False, True):
            tails = [
                self._unshared(person, interval, one)
                for person, interval in self._in_bed[one]
                if (person.booking is not None) == booked
            ]
            against = asking if booked else [interval for _, interval in there]
            self.model.add_no_overlap([tail for tail in tails if tail is not None] + against)
        for person, interval in self._in_bed[one]:
            for mate, mate_interval in there:
                if one < other and self._clash(person, mate):
                    self.model.add_no_overlap([interval, mate_interval])

    def _clash(self, person: Person, mate: Person) -> bool:
        """Whether two who could share otherwise may not, for what is known of them."""
        if person.booking is not None and mate.booking is not None:
            return False
        if person.last_shared is None or mate.last_shared is None:
            return False
        return any(
            clash(pair, person.attributes, mate.attributes)
            for pair in self.situation.policy.never_share
        )

    def _unshared(
        self, person: Person, interval: cp_model.IntervalVar, bed: int
    ) -> cp_model.IntervalVar | None:
        """The nights of the stay on which the person may not share; None when there are none."""
        if person.last_shared is None:
            return interval
        first = person.last_shared + 1 - self.situation.problem.as_of.toordinal()
        earliest, latest = int(person.days.min()), int(person.days.max())
        if first >= latest + person.nights:
            return None
        if first <= earliest:
            return interval
        start, literal = self.start[person.id], self.sleeps[person.id, bed]
        begins = self.model.new_int_var(first, max(first, latest), "")
        self.model.add_max_equality(begins, [start, first])
        size = self.model.new_int_var(0, person.nights, "")
        return self.model.new_optional_interval_var(
            begins, size, self._end(person, begins, size, literal), literal, ""
        )

    def _end(
        self, person: Person, begins: cp_model.IntVar, size: cp_model.IntVar, literal: Literal
    ) -> cp_model.IntVar:
        """The end of the unshared nights: that of the stay, or where they would begin if later."""
        end = self.model.new_int_var(0, self.situation.nights + person.nights, "")
        leaves = self.start[person.id] + person.nights
        self.model.add_max_equality(end, [begins, leaves])
        return end

    def _be_in_one_place(self) -> None:
        """One person's several requests have no night in common."""
        of_crn: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            if person.referral is not None:
                of_crn[person.crn].append(person)
        for same in of_crn.values():
            if len(same) > 1:
                self.model.add_no_overlap(self._stay(person) for person in same)

    def _stay(self, person: Person) -> cp_model.IntervalVar:
        return self.model.new_optional_fixed_size_interval_var(
            self.start[person.id], person.nights, self.present[person.id], ""
        )

    def _keep_apart(self) -> None:
        """Separated people who both ask: not at near premises while their stays meet."""
        of_crn: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            if person.referral is not None:
                of_crn[person.crn].append(person)
        for pair in self.situation.problem.separations:
            for one in of_crn[pair.crn]:
                for other in of_crn[pair.other_crn]:
                    self._keep_pair_apart(one, other, pair.radius_miles)

    def _keep_pair_apart(self, one: Person, other: Person, radius: float | None) -> None:
        before = self.model.new_bool_var("")
        after = self.model.new_bool_var("")
        here, there = self.start[one.id], self.start[other.id]
        self.model.add(here + one.nights <= there).only_enforce_if(before)
        self.model.add(there + other.nights <= here).only_enforce_if(after)
        sites = self.situation.sites
        for site, literal in self.at[one.id].items():
            for other_site, other_literal in self.at[other.id].items():
                if near(self.situation, sites[site], sites[other_site], radius):
                    self.model.add_bool_or(before, after, ~literal, ~other_literal)

    def _cap_premises(self) -> None:
        """Mix caps, arrivals a day, and places beyond what bookings take."""
        asking: dict[int, list[Person]] = defaultdict(list)
        for person in self.people:
            if person.referral is not None:
                for site in self.at[person.id]:
                    asking[site].append(person)
        for site, persons in asking.items():
            self._cap_mix(site, persons)
            self._cap_arrivals(site, persons)
            self._cap_people(site, persons)

    def _cap_mix(self, site: int, persons: list[Person]) -> None:
        situation = self.situation
        premises = situation.problem.premises_by_id[situation.sites[site]]
        for cap in premises.mix_caps:
            counted = [p for p in persons if cap.attribute.value in p.attributes]
            room = np.maximum(0, cap.limit - situation.booked_with(site, cap.attribute.value))
            self._cap(counted, site, room)

    def _cap_people(self, site: int, persons: list[Person]) -> None:
        """Only where beds alone do not see to it: someone is surplus, or in a bed not usable."""
        situation = self.situation
        if situation.beds_do_not_count(site):
            room = situation.usable_count[site] - situation.booked[site]
            self._cap(persons, site, np.maximum(0, room))

    def _cap(
        self, persons: list[Person], site: int, room: NDArray[np.int64], nights: int | None = None
    ) -> None:
        """No more of these people there on a night (in their first `nights`) than room says."""
        if not persons:
            return
        model, most = self.model, int(room.max())
        intervals = [
            model.new_optional_fixed_size_interval_var(
                self.start[p.id], nights or p.nights, self.at[p.id][site], ""
            )
            for p in persons
        ]
        demands = [1] * len(intervals)
        for first, last, level in _runs(room):
            if level < most:
                intervals.append(model.new_fixed_size_interval_var(first, last - first, ""))
                demands.append(most - level)
        model.add_cumulative(intervals, demands, most)

    def _cap_arrivals(self, site: int, persons: list[Person]) -> None:
        situation = self.situation
        limit = arrivals_limit(situation, situation.sites[site])
        if limit is None:
            return
        room = np.maximum(0, limit - situation.booked_arrivals[site])
        self._cap(persons, site, room, nights=1)


def _runs(values: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """First night, night after the last, and value of each run of equal values."""
    cuts = [0, *(int(n) + 1 for n in np.flatnonzero(np.diff(values))), len(values)]
    return [(a, b, int(values[a])) for a, b in pairwise(cuts) if b > a]

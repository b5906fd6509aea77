"""The oracle: the best plan of a tiny problem, found by looking at all of them.

Lawful is what the referee says is lawful. Nothing else of the allocator is asked. Feasible for
about five referrals, four beds, windows of three days and a couple of open bookings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from allocator.booking import Booking
from allocator.check import recompute
from allocator.check.facts import Facts
from allocator.check.levels import Level, levels_of
from allocator.check.plan_rules import PLAN_RULES
from allocator.plan import Placement, Plan, Seat, Surplus
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from tests.plans import a_placement, a_plan, with_levels

NOT_OF_A_PART = {"one_placement_a_referral", "plan_complete"}
"""Rules that a plan in the making cannot keep yet. The others only ever gain breaches."""

Answer = Seat | Surplus
Gain = tuple[int, ...]


@dataclass(frozen=True)
class Oracle:
    """Every lawful plan of one problem under one policy."""

    problem: Problem
    policy: Policy
    displacement: bool = False
    kept_plan: tuple[tuple[str, str, date], ...] = ()

    def best(self) -> Plan:
        """A lawful plan that no other beats, level by level in the policy's order."""
        search = _Search(self)
        for answered in self._answered():
            search.among(answered)
        assert search.best is not None, "the plan that moves and places nobody is always lawful"
        return self.finished(search.best)

    def best_values(self) -> dict[str, int]:
        """The best value of every level, by code, each among plans that reach those before it."""
        return recompute(self.best(), self.problem, self.policy)

    def every_lawful_plan(self) -> Iterator[Plan]:
        """All of them, with no short cut but that a breach is never mended by placing more."""
        for answered in self._answered():
            for plan in _place_all(answered, self.problem.referrals, self):
                yield self.finished(plan)

    def finished(self, plan: Plan) -> Plan:
        """The plan with its unplaced referrals and its levels."""
        unplaced = tuple(r.id for r in self.problem.referrals if r.id not in plan.placement_of)
        return with_levels(replace(plan, unplaced=unplaced), self.problem, self.policy)

    def is_lawful(self, plan: Plan) -> bool:
        """Whether the part of a plan that is there keeps every rule that it can keep yet."""
        facts = Facts(plan, self.problem, self.policy)
        rules = [rule for rule in PLAN_RULES if rule.CODE not in NOT_OF_A_PART]
        return not any(True for rule in rules for _ in rule.breaches(facts))

    def options(self, referral: Referral) -> Iterator[Placement]:
        """Every bed and arrival that the window holds, lawful or not."""
        first = max(referral.release_date, self.problem.as_of)
        last = max(referral.latest_arrival, first)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for bed, arrival in product(self.problem.beds, days):
            yield a_placement(self.problem, self.policy, referral.id, bed.id, arrival)

    def levels(self) -> tuple[Level, ...]:
        return levels_of(self._empty(), self.policy)

    def _empty(self) -> Plan:
        return a_plan(
            self.problem, self.policy, displacement=self.displacement, kept_plan=self.kept_plan
        )

    def _answered(self) -> Iterator[Plan]:
        """Lawful plans that place nobody, one for each way to seat the bookings."""
        empty = self._empty()
        facts = Facts(empty, self.problem, self.policy)
        for answers in product(*(_answers(booking, facts) for booking in facts.bookings)):
            plan = replace(
                empty,
                seats=tuple(answer for answer in answers if isinstance(answer, Seat)),
                surplus=tuple(answer for answer in answers if isinstance(answer, Surplus)),
            )
            if self.is_lawful(plan):
                yield plan


def _answers(booking: Booking, facts: Facts) -> list[Answer]:
    """Every bed that the booking might have, its own premises or not, and none."""
    nowhere = Surplus(booking.id, booking.premises_id)
    if facts.is_settled(booking):
        assert booking.bed_id is not None
        kept = booking.id in facts.kept_ids
        return [Seat(booking.id, booking.bed_id, inferred=False)] if kept else [nowhere]
    found: list[Answer] = [nowhere]
    for bed_id, place in facts.places.items():
        moved = place.premises.id != booking.premises_id
        if moved and not facts.is_movable(booking):
            continue
        inferred = booking.bed_id is None and not moved
        reason = "makes room for someone" if moved else ""
        found.append(Seat(booking.id, bed_id, inferred=inferred, moved=moved, reason=reason))
    return found


def _place_all(plan: Plan, referrals: Iterable[Referral], oracle: Oracle) -> Iterator[Plan]:
    first, *others = [*referrals, None]
    if first is None:
        yield plan
        return
    rest = [referral for referral in others if referral is not None]
    yield from _place_all(plan, rest, oracle)
    for placement in oracle.options(first):
        more = replace(plan, placements=(*plan.placements, placement))
        if oracle.is_lawful(more):
            yield from _place_all(more, rest, oracle)


class _Search:
    """The same walk, leaving out what cannot win.

    Tuples that are compared level by level can be added up as numbers can: the most that the
    referrals still to come can add is the sum of the most that each can.
    """

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.best: Plan | None = None
        self.best_gain: Gain | None = None
        self.levels = oracle.levels()
        self.nothing: Gain = (0,) * len(self.levels)

    def among(self, answered: Plan) -> None:
        """Look at the plans that seat the bookings so."""
        facts = Facts(answered, self.oracle.problem, self.oracle.policy)
        gain = self.nothing
        for seat, booking, place in facts.seated:
            each = [
                lv.sign * lv.of_booking(booking, place, seat.moved, facts) for lv in self.levels
            ]
            gain = _add(gain, each)
        options = [self._options(r, answered, facts) for r in self.oracle.problem.referrals]
        self._walk(answered, gain, options)

    def _options(
        self, referral: Referral, answered: Plan, facts: Facts
    ) -> list[tuple[Gain, Placement | None]]:
        """The referral's options that are lawful beside the bookings, the best first."""
        found: list[tuple[Gain, Placement | None]] = [(self.nothing, None)]
        for placement in self.oracle.options(referral):
            if self.oracle.is_lawful(replace(answered, placements=(placement,))):
                place = facts.places[placement.bed_id]
                day = (placement.stay.arrival - self.oracle.problem.as_of).days
                gain = [lv.sign * lv.of_referral(referral, place, day, facts) for lv in self.levels]
                found.append((tuple(gain), placement))
        return sorted(found, key=lambda option: option[0], reverse=True)

    def _walk(
        self, plan: Plan, gain: Gain, options: list[list[tuple[Gain, Placement | None]]]
    ) -> None:
        if self.best_gain is not None:
            most = gain
            for each in options:
                most = _add(most, each[0][0])
            if most <= self.best_gain:
                return
        if not options:
            self.best, self.best_gain = plan, gain
            return
        for more, placement in options[0]:
            if placement is None:
                self._walk(plan, _add(gain, more), options[1:])
                continue
            placed = replace(plan, placements=(*plan.placements, placement))
            if self.oracle.is_lawful(placed):
                self._walk(placed, _add(gain, more), options[1:])


def _add(one: Iterable[int], other: Iterable[int]) -> Gain:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def best_values(
    problem: Problem,
    policy: Policy,
    *,
    displacement: bool = False,
    kept_plan: tuple[tuple[str, str, date], ...] = (),
) -> Mapping[str, int]:
    """The best value of every level of a tiny problem, by code."""
    return Oracle(problem, policy, displacement, kept_plan).best_values()

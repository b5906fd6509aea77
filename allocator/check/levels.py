"""Levels: which there are, what a plan reaches on each, and whether it says so.

Model: docs/model.md#aims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allocator.booking import Booking
from allocator.check.aim import Aim
from allocator.check.aims import AIM_OF
from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.plan import LevelReached, Plan, PlanStatus, Sense
from allocator.policy import Policy
from allocator.referral import Referral


@dataclass(frozen=True, slots=True)
class Level:
    """An aim, or one band of an aim that is taken band by band."""

    aim: Aim
    band: int | None

    @property
    def code(self) -> str:
        return self.aim.code if self.band is None else f"{self.aim.code}/{self.band}"

    @property
    def sign(self) -> int:
        """1 where most is wanted, -1 where fewest is."""
        return 1 if self.aim.sense is Sense.MOST else -1

    def of_referral(self, referral: Referral, place: Place, day: int, facts: Facts) -> int:
        """What the referral adds in the place, arriving so many days after the plan's date."""
        if self.aim.of_referral is None or not self.counts(referral, facts.policy):
            return 0
        return self.aim.of_referral(referral, place, day, facts)

    def of_booking(self, booking: Booking, place: Place, moved: bool, facts: Facts) -> int:
        """What the booking adds in the place."""
        if self.aim.of_booking is None:
            return 0
        return self.aim.of_booking(booking, place, moved, facts)

    def counts(self, referral: Referral, policy: Policy) -> bool:
        """Whether the level is about people of the referral's band."""
        return self.band is None or policy.band_of(referral) == self.band


def levels_of(plan: Plan, policy: Policy) -> tuple[Level, ...]:
    """The levels that the policy's order gives for such a plan."""
    found: list[Level] = []
    for code in policy.aims:
        if code == "least_change" and not plan.kept_plan:
            continue
        if code == "bookings_disturbed" and not plan.displacement:
            continue
        aim = AIM_OF[code]
        bands = [band.number for band in policy.bands] if aim.by_band else [None]
        found += [Level(aim, band) for band in bands]
    return tuple(found)


def value(level: Level, facts: Facts) -> int:
    """What the plan reaches."""
    total = sum(level.of_booking(b, place, s.moved, facts) for s, b, place in facts.seated)
    for placement, referral, place in facts.placed:
        day = (placement.stay.arrival - facts.problem.as_of).days
        total += level.of_referral(referral, place, day, facts)
    return total


def of_settled(level: Level, facts: Facts) -> int:
    """The part of the value that settled bookings add."""
    return sum(
        level.of_booking(booking, place, seat.moved, facts)
        for seat, booking, place in facts.seated
        if facts.is_settled(booking)
    )


def breaches(facts: Facts) -> Iterator[Breach]:
    """Levels that say of themselves what is not so; codes are `aim:<level>`."""
    real = {level.code: value(level, facts) for level in levels_of(facts.plan, facts.policy)}
    for stated in facts.plan.levels:
        for fault in _faults(stated, real.get(stated.code), facts.plan.status):
            yield Breach(f"aim:{stated.code}", (stated.code,), f"level {stated.code} {fault}")


def _faults(stated: LevelReached, real: int | None, status: PlanStatus) -> Iterator[str]:
    if real is not None and stated.value != real:
        yield f"is stated as {stated.value}; the plan reaches {real}"
    if stated.proven and stated.value != stated.bound:
        yield f"is called proven at {stated.value}; its bound is {stated.bound}"
    if stated.bound is not None and _is_beyond(stated, stated.bound):
        yield f"is stated as {stated.value}, beyond its own bound of {stated.bound}"
    if status is PlanStatus.OPTIMAL and not stated.proven:
        yield "is not proven, and the plan is called optimal"


def _is_beyond(stated: LevelReached, bound: int) -> bool:
    if stated.sense is Sense.MOST:
        return stated.value > bound
    return stated.value < bound

"""Levels as they are shown: no bound on people is above the number there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from allocator.plan import LevelReached, Plan, Sense
from allocator.policy import Policy
from allocator.problem import Problem


def shown_levels(plan: Plan, problem: Problem, policy: Policy) -> tuple[LevelReached, ...]:
    """The plan's levels. Where all are placed there is nothing left to prove."""
    most = _most_people(plan, problem, policy)
    return tuple(_capped(level, most.get(level.code)) for level in plan.levels)


def _capped(level: LevelReached, most: int | None) -> LevelReached:
    if most is None or level.bound is None or level.sense is not Sense.MOST or level.bound <= most:
        return level
    bound = max(most, level.value)
    return replace(level, bound=bound, proven=bound == level.value)


def _most_people(plan: Plan, problem: Problem, policy: Policy) -> Mapping[str, int]:
    """How many people each level that counts them could count at most, by its code."""
    asked = Counter(policy.band_of(referral) for referral in problem.referrals)
    residents = sum(booking.resident for booking in problem.bookings)
    bookings = len(problem.bookings)
    return {
        "residents_kept": residents,
        "bookings_kept": bookings - residents,
        "bookings_suited": bookings,
        "least_change": len(plan.kept_plan),
        **{f"placed/{band.number}": asked[band.number] for band in policy.bands},
    }

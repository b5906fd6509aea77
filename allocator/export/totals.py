"""Totals: what each priority band asked for and got."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from allocator.export.placed import Placed
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem


@dataclass(frozen=True, slots=True)
class Miles:
    """How far people go. `nine_in_ten`: nine in ten go at most this far (nearest rank)."""

    counted: int
    median: float | None
    nine_in_ten: float | None
    longest: float | None
    beyond_aim: int


@dataclass(frozen=True, slots=True)
class BandTotal:
    """One band, or all of them (`number` None), in figures."""

    number: int | None
    name: str
    asked: int
    firm: int
    provisional: int
    uncovered_nights: int
    """Nights between release and arrival, of the people placed."""
    miles: Miles

    @property
    def placed(self) -> int:
        return self.firm + self.provisional

    @property
    def without_bed(self) -> int:
        return self.asked - self.placed


def band_totals(
    plan: Plan, problem: Problem, policy: Policy, placed: Sequence[Placed]
) -> tuple[BandTotal, ...]:
    """One total a band of the policy, in order."""
    asked = Counter(policy.band_of(referral) for referral in problem.referrals)
    return tuple(
        _total(
            band.number,
            band.name,
            asked[band.number],
            [p for p in placed if p.placement.band == band.number],
        )
        for band in policy.bands
    )


def all_bands(problem: Problem, placed: Sequence[Placed]) -> BandTotal:
    """Everybody."""
    return _total(None, "All bands", len(problem.referrals), placed)


def miles_of(placed: Sequence[Placed]) -> Miles:
    """The miles of the people whose distance is known."""
    known = sorted(p.miles for p in placed if p.miles is not None)
    return Miles(
        counted=len(known),
        median=statistics.median(known) if known else None,
        nine_in_ten=known[math.ceil(0.9 * len(known)) - 1] if known else None,
        longest=known[-1] if known else None,
        beyond_aim=sum(p.beyond_aim for p in placed),
    )


def _total(number: int | None, name: str, asked: int, placed: Sequence[Placed]) -> BandTotal:
    firm = sum(p.firm for p in placed)
    return BandTotal(
        number=number,
        name=name,
        asked=asked,
        firm=firm,
        provisional=len(placed) - firm,
        uncovered_nights=sum(p.days_from_release for p in placed),
        miles=miles_of(placed),
    )

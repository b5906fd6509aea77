"""Bed worth: what the proof of a plan charges for a bed, by premises and week.

With a bed more of a kind that the proof prices, the same prices prove a bound that is higher by no
more than what the bed's nights cost: no plan could then gain more than that on the level. It may
gain less, or nothing (docs/model.md, certificate).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.plan import BedPrices, Certificate, LevelReached, Plan, PriceRun, Sense

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Worth:
    """Of one level: by premises, for each week the mean over its beds. In the level's unit."""

    level: str
    unit: str
    starts: tuple[date, ...]
    premises: Mapping[str, tuple[float, ...]]


def levels_priced(plan: Plan) -> list[LevelReached]:
    """Levels that people want more of and that are proven with prices, in the plan's order."""
    priced = {each.level for each in plan.certificates if each.beds}
    return [each for each in plan.levels if each.sense is Sense.MOST and each.code in priced]


def bed_worth(plan: Plan, level: str, premises_of: Mapping[str, str], weeks: int = WEEKS) -> Worth:
    """The worth of a bed at each premises. Raises KeyError for a level without prices."""
    certificate = {each.level: each for each in plan.certificates}[level]
    starts = tuple(plan.as_of + timedelta(weeks=n) for n in range(weeks))
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * weeks)
    beds: dict[str, int] = defaultdict(int)
    for bed in premises_of:
        beds[premises_of[bed]] += 1
    for prices in certificate.beds:
        of_week = [_week(prices, start, certificate) for start in starts]
        for bed in prices.bed_ids:
            if bed in premises_of:
                total = sums[premises_of[bed]]
                for n, worth in enumerate(of_week):
                    total[n] += worth
    return Worth(
        level,
        plan.level(level).unit,
        starts,
        {
            name: tuple(each / beds[name] for each in sums[name])
            if name in sums
            else (0.0,) * weeks
            for name in beds
        },
    )


def _week(prices: BedPrices, start: date, certificate: Certificate) -> float:
    """What seven nights cost."""
    nights = (start + timedelta(days=n) for n in range(7))
    return sum(_price(prices.runs, night) for night in nights) / certificate.scale


def _price(runs: Sequence[PriceRun], night: date) -> int:
    place = bisect_right(runs, night, key=lambda run: run.first)
    return 0 if place == 0 else runs[place - 1].price

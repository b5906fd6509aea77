"""Compare: methods over the same years, with intervals that know they were the same years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scipy.stats import t

from allocator.simulate.tally import Tally

CONFIDENCE = 0.95
Figure = Callable[[Tally], float]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over years, and half the width of its interval by Student's t; None for one year."""

    mean: float
    half: float | None

    @property
    def low(self) -> float | None:
        return None if self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        return None if self.half is None else self.mean + self.half


def interval(values: Sequence[float]) -> Interval:
    """The mean with its interval at `CONFIDENCE`. Raises ValueError without values."""
    if not values:
        raise ValueError("an interval needs at least one value")
    count = len(values)
    if count == 1:
        return Interval(values[0], None)
    half = float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) * stdev(values) / sqrt(count)
    return Interval(fmean(values), half)


def difference(figure: Figure, ours: Sequence[Tally], theirs: Sequence[Tally]) -> Interval:
    """Ours less theirs, year by year: chance that both had in common falls out."""
    return interval([figure(a) - figure(b) for a, b in zip(ours, theirs, strict=True)])


def reduction(figure: Figure, ours: Sequence[Tally], theirs: Sequence[Tally]) -> Interval:
    """By what share ours is below theirs, year by year. Years in which theirs is 0 are left out."""
    shares = [1 - figure(a) / figure(b) for a, b in zip(ours, theirs, strict=True) if figure(b) > 0]
    return interval(shares or [0.0])


def weighted_unmet(tally: Tally) -> float:
    """Weights of the people who never had a bed."""
    return tally.weighted_unmet


def on_the_day(band: int) -> Figure:
    """Share of a band with a bed on the night of release."""
    return lambda tally: tally.band(band).share_on_the_day

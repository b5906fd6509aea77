"""Compare: methods over the same years, with intervals that know they were the same years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isnan, nan, sqrt
from statistics import fmean, stdev

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


@dataclass(frozen=True, slots=True)
class CutInterval(Interval):
    """Of a share, of a difference of two, or of a count: its ends are cut where none can be."""

    least: float = 0.0
    most: float = 1.0

    @property
    def low(self) -> float | None:
        return None if self.half is None else max(self.least, self.mean - self.half)

    @property
    def high(self) -> float | None:
        return None if self.half is None else min(self.most, self.mean + self.half)

    def spread(self, times: float, digits: int) -> str:
        """` ± 3`; where it is cut, its ends: ` (0–40)`. Nothing for one year."""
        if self.low is None or self.high is None or self.half is None:
            return ""
        if self.low > self.mean - self.half or self.high < self.mean + self.half:
            return f" ({times * self.low:,.{digits}f}–{times * self.high:,.{digits}f})"
        return f" ± {times * self.half:,.{digits}f}"


def interval(values: Sequence[float]) -> Interval:
    """The mean with its interval at `CONFIDENCE`. Raises ValueError without values.

    A year that has no such figure (NaN) is left out; where none has, the mean is NaN.
    """
    if not values:
        raise ValueError("an interval needs at least one value")
    known = [value for value in values if not isnan(value)]
    count = len(known)
    if count < 2:
        return Interval(float(known[0]) if known else nan, None)
    # Loaded late: it takes a second, and whoever imports this seldom has an interval to make.
    from scipy.stats import t

    half = float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) * stdev(known) / sqrt(count)
    return Interval(fmean(known), half)


def share_of(found: Interval, *, change: bool = False) -> CutInterval:
    """The interval as one of a share, from 0 to 1, or of a `change` of one, from -1 to 1."""
    return CutInterval(found.mean, found.half, -1.0 if change else 0.0)


def count_of(found: Interval) -> CutInterval:
    """The interval as one of a count, which is never below nought."""
    return CutInterval(found.mean, found.half, 0.0, inf)


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
    """Share of a band with a bed on the night of release; NaN where nobody of it asked."""
    return lambda tally: tally.band(band).share_on_the_day

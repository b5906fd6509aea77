"""Days of the week: shares of their own where a χ² test sees that they differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from allocator.forecast import prior
from allocator.forecast.p_value import p_value
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.weekly import WEEK, Weeks

Seven = tuple[float, float, float, float, float, float, float]
ABOUT = "days of the week"


def fit_weekdays(weeks: Weeks, referred: Sequence[date]) -> tuple[Seven, Remark]:
    """The share of each day, Monday first, and why."""
    days = [day for day in referred if day >= weeks.first]
    counts = np.bincount([day.weekday() for day in days], minlength=WEEK)
    if len(weeks.counts) < prior.ENOUGH_WEEKS.value or counts.sum() < prior.OWN_GROUP.value:
        return _seven(np.ones(WEEK)), Remark(Kind.NOT_KEPT, ABOUT, "too few referrals: all alike")
    chance = float(chisquare(counts).pvalue)
    if chance >= prior.SIGNIFICANCE.value:
        text = f"all alike: a χ² test sees no difference, {p_value(chance)}"
        return _seven(np.ones(WEEK)), Remark(Kind.NOT_KEPT, ABOUT, text)
    text = f"shares of their own, χ² test {p_value(chance)}"
    return _seven(counts.astype(np.float64) + 0.5), Remark(Kind.KEPT, ABOUT, text)


def _seven(weights: NDArray[np.float64]) -> Seven:
    """Shares that add up to 1."""
    one, two, three, four, five, six, seven = (float(w) for w in weights / weights.sum())
    return one, two, three, four, five, six, seven

"""Weekly counts: whole weeks of seven days that end where the history does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

WEEK = 7


@dataclass(frozen=True, slots=True)
class Weeks:
    """Referrals of each whole week; the days before the first whole week are in none."""

    first: date
    counts: NDArray[np.int64]

    @property
    def starts(self) -> list[date]:
        """The first day of each week."""
        return [self.first + timedelta(days=WEEK * n) for n in range(len(self.counts))]

    @property
    def days(self) -> list[date]:
        """Every day of every week, in order."""
        return [self.first + timedelta(days=n) for n in range(WEEK * len(self.counts))]


def weeks_of(referred: Iterable[date], first: date, until: date) -> Weeks:
    """The weeks from `first` to the day before `until`, counted back from there."""
    whole = (until - first).days // WEEK
    start = until - timedelta(days=WEEK * whole)
    counts = np.zeros(whole, dtype=np.int64)
    for day in referred:
        if start <= day < until:
            counts[(day - start).days // WEEK] += 1
    return Weeks(start, counts)

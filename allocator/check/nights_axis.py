"""Nights as numbers: how far into the future a certificate is added up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.check.facts import Facts
from allocator.nights import Stay

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_NIGHTS = 1830
"""Five years. Prices on later nights are taken as none, which can only loosen a bound."""


class Axis:
    """The nights from the plan's date to the last departure that anyone can have."""

    def __init__(self, facts: Facts) -> None:
        self.as_of = facts.problem.as_of
        last = [
            self.number(max(r.latest_arrival, r.release_date, self.as_of)) + r.nights
            for r in facts.problem.referrals
        ]
        last += [self.number(b.stay.departure) for b in facts.bookings if not facts.is_settled(b)]
        self.nights = min(max(last, default=1), MOST_NIGHTS)

    def number(self, day: date) -> int:
        """Days after the plan's date."""
        return (day - self.as_of).days

    def clip(self, day: date) -> int:
        """Days after the plan's date, from 0 to the end of the axis."""
        return min(max(self.number(day), 0), self.nights)

    def span(self, stay: Stay) -> slice:
        """The nights of the stay that are on the axis."""
        return slice(self.clip(stay.arrival), self.clip(stay.departure))

    def count(self, stays: Iterable[Stay]) -> Numbers:
        """How many of the stays have each night."""
        found = np.zeros(self.nights, dtype=np.int64)
        for stay in stays:
            found[self.span(stay)] += 1
        return found


def sums(rows: Numbers | Flags) -> Numbers:
    """For each row, the sum of everything before each column, and the whole: one column more."""
    found = np.zeros((rows.shape[0], rows.shape[1] + 1), dtype=np.int64)
    np.cumsum(rows, axis=1, out=found[:, 1:])
    return found


def between(sums: Numbers, rows: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """For some rows, what the nights from each start to each end come to, from running sums."""
    column = rows[:, None]
    found: Numbers = sums[column, ends] - sums[column, starts]
    return found

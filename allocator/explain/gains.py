"""Gains: what one person in one bed adds to each level of the policy, more always being better."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from allocator.booking import Booking
from allocator.check.aim import Depends
from allocator.check.facts import Facts
from allocator.check.levels import Level, levels_of
from allocator.explain.bars import Bars
from allocator.explain.stock import Ints
from allocator.referral import Referral

Gain = tuple[int, ...]
"""One number a level, in the policy's order; tuples compare as plans do, level by level."""
_BY_DAY = {Depends.ARRIVAL, Depends.PREMISES_AND_ARRIVAL}


class Gains:
    """The referee's own sums, one person at a time."""

    def __init__(self, facts: Facts, bars: Bars) -> None:
        self.facts, self.bars = facts, bars
        self.levels: tuple[Level, ...] = levels_of(facts.plan, facts.policy)
        self.nothing: Gain = (0,) * len(self.levels)

    def of(self, referral: Referral, bed: int, day: int) -> Gain:
        """What the referral adds in the bed, arriving so many days after the plan's date."""
        place = self.facts.places[self.bars.stock.beds[bed]]
        return tuple(
            lv.sign * lv.of_referral(referral, place, day, self.facts) for lv in self.levels
        )

    def of_seat(self, booking: Booking, bed_id: str, *, moved: bool = False) -> Gain:
        """What the booking adds in the bed."""
        place = self.facts.places[bed_id]
        return tuple(
            lv.sign * lv.of_booking(booking, place, moved, self.facts) for lv in self.levels
        )

    def best_first(self, referral: Referral, beds: Ints, days: Ints) -> NDArray[np.int64]:
        """The order of (bed, arrival) pairs in which the policy would take them; then by number.

        Pairs are given as two lists of one length. No aim but `least_change` reads both the
        place and the day, so places and days are each looked at once.
        """
        if len(beds) < 2:
            return np.zeros(len(beds), dtype=np.int64)
        columns = [self._column(level, referral, beds, days) for level in self.levels]
        worst_first = [-column for column in columns if column.any()]
        order: NDArray[np.int64] = np.lexsort([beds, days, *reversed(worst_first)])
        return order

    def _column(self, level: Level, referral: Referral, beds: Ints, days: Ints) -> Ints:
        depends = level.aim.depends
        if level.aim.of_referral is None or depends is Depends.NOTHING:
            return np.zeros(len(beds), dtype=np.int64)
        if depends is Depends.ARRIVAL:
            return self._each(level, referral, np.full_like(beds, beds[0]), days, days)
        key = np.array([self.bars.place_number(bed) for bed in beds.tolist()], dtype=np.int64)
        if depends in _BY_DAY:
            key = key * (self.bars.stock.nights + 1) + days
        return self._each(level, referral, beds, days, key)

    def _each(self, level: Level, referral: Referral, beds: Ints, days: Ints, key: Ints) -> Ints:
        """The level's gain of each pair, worked out once for pairs of one key."""
        _, first, where = np.unique(key, return_index=True, return_inverse=True)
        names = self.bars.stock.beds
        values = [
            level.sign
            * level.of_referral(
                referral, self.facts.places[names[int(beds[n])]], int(days[n]), self.facts
            )
            for n in first.tolist()
        ]
        found: Ints = np.array(values, dtype=np.int64)[where]
        return found


def total(gains: Iterable[Gain]) -> Gain:
    """Level by level."""
    return tuple(sum(each) for each in zip(*gains, strict=True))


def less(one: Gain, other: Gain) -> Gain:
    """`one` without `other`, level by level."""
    return tuple(a - b for a, b in zip(one, other, strict=True))

"""Beds at a certificate's prices: what a stay in one costs, and where it cannot be.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from allocator.check.nights_axis import Numbers, between, sums
from allocator.check.others_in_room import others_in_room
from allocator.check.prices import Prices
from allocator.check.way import Way
from allocator.check.ways import Ways

NOT_FREE = 2**62
"""The cost of what cannot be: more than any option gains, and no sum of 64 bits overflows."""


class PricedBeds:
    """Beds of one kind that are free on the same nights at the same prices are looked at once."""

    def __init__(self, ways: Ways, prices: Prices) -> None:
        self.ways = ways
        beside = others_in_room(prices.beds, ways)
        self.number = self._unlike(prices.beds, beside)
        """One bed of each set that nothing can tell apart, as a number in the problem's order."""
        self.kind = ways.kinds.of_bed[self.number]
        self._shared = sums(prices.beds[self.number])
        self._alone = sums((prices.beds + beside)[self.number])
        self._of: dict[bytes, Numbers] = {}
        self._tables: dict[tuple[int, int], Numbers] = {}

    def of(self, kinds: Numbers) -> Numbers:
        """The beds of some kinds."""
        asked = kinds.tobytes()
        if asked not in self._of:
            self._of[asked] = np.flatnonzero(np.isin(self.kind, kinds))
        return self._of[asked]

    def cost(self, way: Way, beds: Numbers) -> Numbers:
        """What each arrival in each of the beds costs."""
        last = self.ways.axis.nights
        starts, ends = np.minimum(way.arrivals, last), np.minimum(way.departures, last)
        turn = np.clip(way.alone_from, starts, ends)
        cost = np.zeros((len(beds), len(starts)), dtype=np.int64)
        free = np.zeros_like(cost)
        if (starts < turn).any():
            cost += between(self._shared, beds, starts, turn)
            free += between(self._free_to_share(way), self.number[beds], starts, turn)
        if (turn < ends).any():
            cost += between(self._alone, beds, turn, ends)
            free += between(self.ways.company.for_one_alone, self.number[beds], turn, ends)
        cost[free < ends - starts] = NOT_FREE
        self._strike_held(cost, way.band, beds, starts, ends)
        return cost

    def _strike_held(
        self, cost: Numbers, band: int, beds: Numbers, starts: Numbers, ends: Numbers
    ) -> None:
        kept = self.ways.kept_from.of(band)
        if kept is not None:
            cost[between(kept, self.number[beds], starts, ends) > 0] = NOT_FREE

    def _free_to_share(self, way: Way) -> Numbers:
        if way.company is None:
            return self.ways.free_sums
        return self.ways.company.for_one_who_may_share(way.company)

    def cheapest_single(self, nights: int, band: int) -> Numbers:
        """What a stay costs in the cheapest bed of each kind in a room of its own.

        A row for each kind, a column for each day of arrival: the same for all of a band.
        """
        key = nights, self.ways.kept_from.sort(band)
        if key not in self._tables:
            starts = np.arange(self.ways.latest + 1, dtype=np.int64)
            ends = np.minimum(starts + nights, self.ways.axis.nights)
            beds = self._singles
            cost = between(self._shared, beds, starts, ends)
            free = between(self.ways.free_sums, self.number[beds], starts, ends)
            cost[free < ends - starts] = NOT_FREE
            self._strike_held(cost, band, beds, starts, ends)
            table = np.full((len(self.ways.kinds.places), len(starts)), NOT_FREE, dtype=np.int64)
            np.minimum.at(table, self.kind[beds], cost)
            self._tables[key] = table
        return self._tables[key]

    @cached_property
    def _singles(self) -> Numbers:
        return np.flatnonzero(self.kind < self.ways.kinds.singles)

    def _unlike(self, of_beds: Numbers, beside: Numbers) -> Numbers:
        found: dict[tuple[object, bytes], int] = {}
        prices = np.concatenate([of_beds, beside], axis=1)
        for bed, (like, row) in enumerate(zip(self.ways.alike, prices, strict=True)):
            found.setdefault((like, row.tobytes()), bed)
        return np.array(list(found.values()), dtype=np.int64)

"""The most that each party's best option is worth at a certificate's prices.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

import numpy as np

from allocator.booking import Booking
from allocator.check.gain import Gain
from allocator.check.nights_axis import Numbers
from allocator.check.premises_prices import PremisesPrices
from allocator.check.priced_beds import NOT_FREE, PricedBeds
from allocator.check.prices import Prices
from allocator.check.way import Way
from allocator.check.ways import Ways
from allocator.referral import Referral

Options = tuple[Numbers, Numbers]
"""Beds, by the place of their kind among the way's kinds; and costs, a column an arrival."""


class Worth:
    """Answers `best(way, gain)` at fixed prices, for fixed multiples of the levels."""

    def __init__(self, ways: Ways, prices: Prices, multiples: Numbers) -> None:
        self.kinds, self.axis, self.multiples = ways.kinds, ways.axis, multiples
        self.beds = PricedBeds(ways, prices)
        self.at_premises = PremisesPrices(ways, prices)

    def best(self, way: Way, gain: Gain) -> int:
        """The most that an option is worth, or 0 when none is worth anything."""
        by_kind = gain.by_kind.weighed(self.multiples)
        by_arrival = gain.by_arrival.weighed(self.multiples)
        cells = [(p, column, int(self.multiples[level])) for level, p, column in gain.cells]
        elsewhere = int(by_arrival.max(initial=0)) + sum(extra for _, _, extra in cells)
        best = 0
        for part in self._parts(way):
            # No price is below nothing: what cannot gain as much cannot be worth as much.
            if int(by_kind[part].max(initial=0)) + elsewhere <= best:
                continue
            at, cost = self._costs(way, part)
            worth = by_kind[at][:, None] + by_arrival[None, :] - cost
            for row, column, extra in cells:
                worth[self.kinds.premises[way.kinds[at]] == row, column] += extra
            best = max(best, int(worth.max(initial=0)))
        return best

    def _parts(self, way: Way) -> tuple[slice, ...]:
        """The way's kinds: rooms of one bed, and the others; of a booking, all of them."""
        if isinstance(way.party, Booking):
            return (slice(0, len(way.kinds)),)
        first_shared = int(np.searchsorted(way.kinds, self.kinds.singles))
        return slice(0, first_shared), slice(first_shared, len(way.kinds))

    def _costs(self, way: Way, part: slice) -> Options:
        at, cost = self._in_beds(way, part)
        premises = self.kinds.premises[way.kinds[at]]
        at_premises = self.at_premises.cost(way)
        if at_premises is not None:
            cost += at_premises[premises]
        if way.apart is not None:
            cost[way.apart[premises]] = NOT_FREE
        return at, cost

    def _in_beds(self, way: Way, part: slice) -> Options:
        kinds = way.kinds[part]
        single = len(kinds) > 0 and kinds[-1] < self.kinds.singles
        if isinstance(way.party, Referral) and single:
            table = self.beds.cheapest_single(way.party.nights, way.band)
            columns = np.minimum(way.arrivals, self.axis.nights)
            return np.arange(len(kinds)), table[kinds[:, None], columns]
        beds = self.beds.of(kinds)
        return part.start + np.searchsorted(kinds, self.beds.kind[beds]), self.beds.cost(way, beds)

"""The most that each party's best option is worth at a certificate's prices.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocator.booking import Booking
from allocator.check.gain import Gain
from allocator.check.nights_axis import Numbers
from allocator.check.premises_prices import PremisesPrices
from allocator.check.priced_beds import NOT_FREE, PricedBeds
from allocator.check.prices import Prices
from allocator.check.way import Way
from allocator.check.ways import Ways

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
        most = int(by_kind.max(initial=0)) + int(by_arrival.max(initial=0))
        if most + sum(extra for _, _, extra in cells) <= 0:
            return 0
        premises, at_premises = self.kinds.premises[way.kinds], self.at_premises.cost(way)
        best = 0
        for at, cost in self._options(way):
            if way.apart is not None:
                cost[way.apart[premises[at]]] = NOT_FREE
            worth = by_kind[at][:, None] + by_arrival[None, :] - cost
            if at_premises is not None:
                worth -= at_premises[premises[at]]
            for row, column, extra in cells:
                worth[premises[at] == row, column] += extra
            best = max(best, int(worth.max(initial=0)))
        return best

    def _options(self, way: Way) -> Iterator[Options]:
        if isinstance(way.party, Booking):
            yield self._bed_by_bed(way, way.kinds)
            return
        single = self.kinds.single[way.kinds]
        columns = np.minimum(way.arrivals, self.axis.nights)
        table = self.beds.cheapest_single(way.party.nights)
        yield np.flatnonzero(single), table[way.kinds[single][:, None], columns]
        yield self._bed_by_bed(way, way.kinds[~single])

    def _bed_by_bed(self, way: Way, kinds: Numbers) -> Options:
        beds = self.beds.of(kinds)
        return np.searchsorted(way.kinds, self.beds.kind[beds]), self.beds.cost(way, beds)

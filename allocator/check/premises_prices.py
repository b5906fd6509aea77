"""What a certificate asks of a referral for a premises' own limits: its mix, its arrivals.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from allocator.check.nights_axis import Numbers, between, sums
from allocator.check.prices import Prices
from allocator.check.way import Way
from allocator.check.ways import Ways
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute


class PremisesPrices:
    """Prices by premises, a row for each."""

    def __init__(self, ways: Ways, prices: Prices) -> None:
        self.ways = ways
        by_attribute: dict[MixAttribute, dict[str, Numbers]] = {}
        for (premises_id, attribute), row in prices.mix.items():
            by_attribute.setdefault(attribute, {})[premises_id] = row
        self.mix = {attribute: sums(self._rows(rows)) for attribute, rows in by_attribute.items()}
        # An arrival past the end of the axis has no price.
        arrivals = np.pad(self._rows(prices.arrivals), ((0, 0), (0, 1)))
        self.arrivals = arrivals if prices.arrivals else None

    def cost(self, way: Way) -> Numbers | None:
        """What each arrival costs at each premises; None: nothing anywhere."""
        if not isinstance(way.party, Referral):
            return None
        priced = [rows for attribute, rows in self.mix.items() if attribute in way.counted_as]
        if not priced and self.arrivals is None:
            return None
        last = self.ways.axis.nights
        starts, ends = np.minimum(way.arrivals, last), np.minimum(way.departures, last)
        premises = np.arange(len(self.ways.facts.problem.premises))
        found = np.zeros((len(premises), len(starts)), dtype=np.int64)
        for rows in priced:
            found += between(rows, premises, starts, ends)
        if self.arrivals is not None:
            found += self.arrivals[:, starts]
        return found

    def _rows(self, rows: Mapping[str, Numbers]) -> Numbers:
        nights = self.ways.axis.nights
        nothing = np.zeros(nights, dtype=np.int64)
        found = [rows.get(premises.id, nothing) for premises in self.ways.facts.problem.premises]
        return np.array(found, dtype=np.int64).reshape(len(found), nights)

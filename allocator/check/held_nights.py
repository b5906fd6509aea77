"""Held nights: of each bed, those that a party may not have because they are kept for others.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

import numpy as np

from allocator.check.facts import Facts
from allocator.check.nights_axis import Axis, Numbers, sums


class KeptFrom:
    """Running sums of held nights, a row for each bed, for each band that they make out."""

    def __init__(self, facts: Facts, axis: Axis) -> None:
        self.facts, self.axis = facts, axis
        self._lowest = sorted({hold.lowest_band for hold in facts.problem.held})
        self._known: dict[int, Numbers] = {}

    def sort(self, band: int) -> int:
        """The same number for bands from which the same nights are kept; 0: none are."""
        return sum(lowest < band for lowest in self._lowest)

    def of(self, band: int) -> Numbers | None:
        """The nights kept from a band; None: none are."""
        sort = self.sort(band)
        if sort and sort not in self._known:
            found = np.zeros((len(self.facts.problem.beds), self.axis.nights), dtype=np.bool_)
            row = {bed.id: number for number, bed in enumerate(self.facts.problem.beds)}
            for hold in self.facts.problem.held:
                if hold.lowest_band < band:
                    found[row[hold.bed_id], self.axis.span(hold.nights)] = True
            self._known[sort] = sums(found)
        return self._known.get(sort)

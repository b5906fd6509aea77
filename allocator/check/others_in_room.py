"""What a night costs beyond the own bed to someone who keeps a room to themselves.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocator.check.nights_axis import Numbers
from allocator.check.prices import TOO_LARGE, CertificateError
from allocator.check.ways import Ways
from allocator.problem import Problem


def others_in_room(prices: Numbers, ways: Ways) -> Numbers:
    """Σ price of the other beds of the room that are free on the night: a row for each bed."""
    found = np.zeros_like(prices)
    for beds in _shared_rooms(ways.facts.problem):
        # Dividing, because the product itself might not fit into 64 bits.
        if int(prices[beds].max(initial=0)) > (TOO_LARGE - 1) // (len(beds) * ways.axis.nights):
            raise CertificateError("has prices too large to add up exactly")
        of_free = np.where(ways.free[beds], prices[beds], 0)
        found[beds] = of_free.sum(axis=0) - of_free
    return found


def _shared_rooms(problem: Problem) -> Iterator[Numbers]:
    """The beds of each room that has several, as numbers in the problem's order."""
    row = {bed.id: row for row, bed in enumerate(problem.beds)}
    for beds in problem.beds_in_room.values():
        if len(beds) > 1:
            yield np.array([row[bed.id] for bed in beds], dtype=np.int64)

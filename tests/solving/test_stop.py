"""A wish to stop is heard while HiGHS works, not only between its programmes."""

from __future__ import annotations

import highspy
import numpy as np

from allocator.solving.entries import Entries
from allocator.solving.highs import loaded, run


def _market_split(columns: int = 40, rows: int = 5) -> highspy.Highs:
    """Equal shares of every customer (Cornuéjols and Dawande, 1999): hours of branching."""
    share = np.random.default_rng(1).integers(0, 100, (rows, columns))
    entries = Entries(rows)
    for number, row in enumerate(share):
        entries.put_row(number, np.arange(columns), row)
        entries.put(np.array([number]), np.array([columns + 2 * number]), 1.0)
        entries.put(np.array([number]), np.array([columns + 2 * number + 1]), -1.0)
    half = share.sum(axis=1) // 2
    cost = np.concatenate([np.zeros(columns), np.ones(2 * rows)])
    return loaded(entries.rows(half, half), cost, whole=columns)


def test_highs_ends_when_it_is_told_to_and_says_so() -> None:
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    assert run(_market_split(), stopped) == highspy.HighsModelStatus.kInterrupt
    assert asked > 3

"""Running sums along nights: how many nights of a stay are flagged, for many stays at once."""

from __future__ import annotations

import numpy as np

from allocator.explain.stock import Counts, Flags, Ints


def before(flags: Flags) -> Counts:
    """For each row and night, how many earlier nights are flagged; one column more."""
    found = np.zeros((flags.shape[0], flags.shape[1] + 1), dtype=np.int16)
    np.cumsum(flags, axis=1, out=found[:, 1:])
    return found


def add_up(sums: Counts, flags: Flags) -> None:
    """The same for one row, in place."""
    np.cumsum(flags, out=sums[1:])


def between(sums: Counts, rows: Ints, starts: Ints, ends: Ints) -> Counts:
    """Flagged nights of some rows from each start up to each end."""
    found: Counts = sums[np.ix_(rows, ends)] - sums[np.ix_(rows, starts)]
    return found

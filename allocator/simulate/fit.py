"""Fit: which of the beds that are open to a person to take."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from allocator.simulate.asker import Asker
from allocator.simulate.board import NOBODY, Board, Slot
from allocator.simulate.ground import Ints

IDLE_TENTHS = 30
"""A night left idle beside a stay counts as much as three miles."""
LOOK = 28
"""Idle nights on each side are counted up to so many."""


Costs = npt.NDArray[np.float64]


class Taste(Protocol):
    """What each open bed costs somebody; the least is taken."""

    def __call__(self, board: Board, asking: Asker, rows: Ints, arrival: int) -> Costs:
        """A cost for each of the asker's beds in `rows`."""


def nearest(board: Board, asking: Asker, rows: Ints, arrival: int) -> Costs:
    """Miles alone: how a list of premises sorted by distance is used."""
    return asking.tenths[rows].astype(np.float64)


def best_fit(board: Board, asking: Asker, rows: Ints, arrival: int) -> Costs:
    """Miles, scarce features nobody asked for, and nights that would lie idle beside the stay."""
    beds = asking.beds[rows]
    end = arrival + asking.nights
    before = board.who[beds, max(0, arrival - LOOK) : arrival][:, ::-1]
    after = board.who[beds, end : end + LOOK]
    found: Costs = asking.worth[rows] + IDLE_TENTHS * _idle(before)
    # A bed with nobody after the stay is open-ended: that is no gap.
    followed = (after != NOBODY).any(axis=1)
    found += np.where(followed, IDLE_TENTHS * _idle(after), 0)
    return found


def find(board: Board, asking: Asker, today: int, taste: Taste = best_fit) -> Slot | None:
    """The open bed that costs least on the earliest day that has one, from today on."""
    first, last = max(asking.release, today), asking.latest
    if last < first or not len(asking.beds):
        return None
    if first == last:
        rows = np.flatnonzero(board.free(asking.beds, first, asking.nights))
        return _best(board, asking, rows, first, taste)
    grid = board.free_from(asking.beds, first, last, asking.nights)
    for day in np.flatnonzero(grid.any(axis=0)).tolist():
        slot = _best(board, asking, np.flatnonzero(grid[:, day]), first + day, taste)
        if slot is not None:
            return slot
    return None


def _best(board: Board, asking: Asker, rows: Ints, arrival: int, taste: Taste) -> Slot | None:
    if not len(rows):
        return None
    costs = taste(board, asking, rows, arrival)
    for n in np.argsort(costs, kind="stable").tolist():
        slot = Slot(int(asking.beds[rows[n]]), arrival, arrival + asking.nights)
        if board.allows(asking, slot):
            return slot
    return None


def _idle(nights: npt.NDArray[np.int32]) -> Costs:
    """How many of the nights, from the stay outwards, are empty before the first that is not."""
    taken = nights != NOBODY
    width = nights.shape[1]
    if not width:
        return np.zeros(len(nights))
    found: Costs = np.where(taken.any(axis=1), taken.argmax(axis=1), width).astype(np.float64)
    return found

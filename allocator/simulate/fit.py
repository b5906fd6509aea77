"""Fit: which of the beds that are open to a person to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from allocator.simulate.asker import Asker
from allocator.simulate.board import Board, Slot
from allocator.simulate.ground import Ints

IDLE_TENTHS = 30
"""A night left idle beside a stay counts as much as three miles."""
WORTH_TENTHS = 1_000
"""A unit of worth taken from others counts as much as a hundred miles."""
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


@dataclass(frozen=True, slots=True, eq=False)
class BestFit:
    """Miles, scarce features nobody asked for, idle nights beside the stay, and bed prices."""

    prices: Costs
    """Worth of a night in each bed to others; 0 where nothing is known of them."""

    def __call__(self, board: Board, asking: Asker, rows: Ints, arrival: int) -> Costs:
        """Each cost in tenths of a mile."""
        beds = asking.beds[rows]
        end = arrival + asking.nights
        before = np.minimum(arrival - board.since[beds, arrival], LOOK)
        after = board.until[beds, end] - end
        # A bed with nobody soon after the stay is open-ended: that is no gap.
        idle = before + np.where(after < LOOK, after, 0)
        found: Costs = asking.worth[rows] + IDLE_TENTHS * idle
        found += WORTH_TENTHS * asking.nights * self.prices[beds]
        return found


def find(board: Board, asking: Asker, today: int, taste: Taste) -> Slot | None:
    """The open bed that costs least on the earliest day that has one, from today on."""
    first, last = max(asking.release, today), asking.latest
    if last < first or not len(asking.beds):
        return None
    if first == last:
        rows = np.flatnonzero(board.free(asking.beds, first, asking.nights))
        if board.ground.closing:
            rows = rows[board.ground.stops[asking.beds[rows]] > first]
        return _best(board, asking, rows, first, taste)
    grid = board.free_from(asking.beds, first, last, asking.nights)
    if board.ground.closing:
        grid &= board.ground.stops[asking.beds][:, None] > np.arange(first, last + 1)
    for day in np.flatnonzero(grid.any(axis=0)).tolist():
        slot = _best(board, asking, np.flatnonzero(grid[:, day]), first + day, taste)
        if slot is not None:
            return slot
    return None


def _best(board: Board, asking: Asker, rows: Ints, arrival: int, taste: Taste) -> Slot | None:
    if asking.share_until < arrival and len(rows):
        # Nobody may be beside them: most beds of shared rooms need no closer look.
        rows = rows[board.alone(asking.beds[rows], arrival, arrival + asking.nights)]
    if not len(rows):
        return None
    costs = taste(board, asking, rows, arrival)
    # The first is taken nearly always: the rest is put in order for those to whom it is barred.
    first = Slot(int(asking.beds[rows[costs.argmin()]]), arrival, arrival + asking.nights)
    if board.allows(asking, first):
        return first
    for n in costs.argsort(kind="stable")[1:].tolist():
        slot = first._replace(bed=int(asking.beds[rows[n]]))
        if board.allows(asking, slot):
            return slot
    return None

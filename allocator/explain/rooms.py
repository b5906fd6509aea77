"""Rooms of several beds: who sleeps beside each bed, and whether one more may share.

Model: docs/model.md#room_sharing.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from allocator.check.people import Person, last_shared_night
from allocator.explain.request import Request
from allocator.explain.stock import Counts, Flags, Ints, Stock
from allocator.policy import Policy

ASLEEP, ALONE = "asleep", "alone"


class Rooms:
    """For each bed of a shared room and night: people in it, and those of each sort beside it."""

    def __init__(self, stock: Stock, policy: Policy) -> None:
        self.stock = stock
        self.pairs = [(min(pair), max(pair)) for pair in policy.never_share]
        sorts = [ASLEEP, ALONE, *sorted({a for pair in self.pairs for a in pair})]
        shape = (len(stock.mates), stock.nights)
        self._in_bed = {sort: np.zeros(shape, dtype=np.int16) for sort in sorts}
        self._before = {sort: np.zeros((shape[0], shape[1] + 1), dtype=np.int16) for sort in sorts}

    def write(self, person: Person, nights: slice, sign: int) -> None:
        """Put a person in their bed, or take them out; add up afterwards."""
        row = self._row(person)
        if row < 0:
            return
        self._in_bed[ASLEEP][row, nights] += sign
        last = last_shared_night(person.essential, person.sharing)
        alone_from = 0 if last is None else self.stock.day(last + timedelta(days=1))
        self._in_bed[ALONE][row, max(nights.start, alone_from) : nights.stop] += sign
        attributes = person.room_attributes()
        for sort, grid in self._in_bed.items():
            if sort in attributes:
                grid[row, nights] += sign

    def add_up(self) -> None:
        """Count what is beside every bed."""
        for bed in self.stock.mates:
            self._count_beside(bed)

    def add_up_beside(self, bed: int) -> None:
        """Count again for the beds that have this one beside them."""
        for mate in self.stock.mates.get(bed, ()):
            self._count_beside(mate)

    def unfit(self, request: Request, beds: Ints, days: Ints) -> Flags | None:
        """Beds and arrivals where the rule forbids sharing; None: none of the beds is shared."""
        rows = self.stock.shared_row[beds]
        shared = np.flatnonzero(rows >= 0)
        if not len(shared):
            return None
        ends, turn = days + request.nights, request.alone_from
        mine = rows[shared]
        barred = self._some(ASLEEP, mine, np.maximum(days, turn), np.maximum(ends, turn))
        barred |= self._some(ALONE, mine, days, ends)
        for one, other in self.pairs:
            for here, there in ((one, other), (other, one)):
                if here in request.room_attributes:
                    barred |= self._some(there, mine, days, ends)
        found = np.zeros((len(beds), len(days)), dtype=np.bool_)
        found[shared] = barred
        return found

    def _some(self, sort: str, rows: Ints, starts: Ints, ends: Ints) -> Flags:
        sums = self._before[sort]
        found: Flags = sums[np.ix_(rows, ends)] != sums[np.ix_(rows, starts)]
        return found

    def _row(self, person: Person) -> int:
        assert person.bed_id is not None
        return int(self.stock.shared_row[self.stock.bed_number[person.bed_id]])

    def _count_beside(self, bed: int) -> None:
        row = int(self.stock.shared_row[bed])
        mates = self.stock.shared_row[list(self.stock.mates[bed])]
        for sort, grid in self._in_bed.items():
            sums: Counts = self._before[sort]
            np.cumsum(grid[mates].sum(axis=0) > 0, out=sums[row, 1:])

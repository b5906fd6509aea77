"""Stock: the beds and premises of a problem as numbers, and the nights on which each bed is closed.

Nights are counted from the plan's date. Everything here holds for every plan of the problem.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.check.arrivals_per_day import limit_of
from allocator.check.facts import Facts
from allocator.nights import Stay
from allocator.vocabulary import MixAttribute

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int16] | NDArray[np.int32]
NO_LIMIT = 30_000


class Stock:
    """Beds and premises by number, with what limits each of them."""

    def __init__(self, facts: Facts, nights: int) -> None:
        problem = facts.problem
        self.as_of, self.nights = problem.as_of, nights
        self.beds = tuple(bed.id for bed in problem.beds)
        self.sites = tuple(premises.id for premises in problem.premises)
        self.bed_number = {bed: number for number, bed in enumerate(self.beds)}
        self.site_number = {site: number for number, site in enumerate(self.sites)}
        self.site_of_bed = np.array(
            [self.site_number[facts.places[bed].premises.id] for bed in self.beds], dtype=np.int64
        )
        self.mates = self._mates(facts)
        self.shared_row = np.full(len(self.beds), -1, dtype=np.int64)
        self.shared_row[list(self.mates)] = np.arange(len(self.mates))
        self.usable = self._usable(facts)
        self.closed = self._closed(facts)
        self.usable_at = np.zeros((len(self.sites), nights), dtype=np.int32)
        np.add.at(self.usable_at, self.site_of_bed, self.usable.astype(np.int32))
        limits = [limit_of(premises, facts.policy) for premises in problem.premises]
        self.arrivals_limit = np.array(
            [NO_LIMIT if limit is None else limit for limit in limits], dtype=np.int64
        )
        self.caps = self._caps(facts)
        self._holds = facts.problem.held
        self.held_beds = np.array(
            sorted({self.bed_number[hold.bed_id] for hold in self._holds}), dtype=np.int64
        )
        self._kept_from: dict[int, Counts] = {}

    def kept_before(self, band: int) -> Counts | None:
        """Running sums of nights held for bands above this one; None: there are none."""
        if not any(hold.keeps_out(band) for hold in self._holds):
            return None
        if band not in self._kept_from:
            grid = np.zeros((len(self.beds), self.nights), dtype=np.bool_)
            for hold in self._holds:
                if hold.keeps_out(band):
                    grid[self.bed_number[hold.bed_id], self.span(hold.nights)] = True
            sums = np.zeros((len(self.beds), self.nights + 1), dtype=np.int16)
            np.cumsum(grid, axis=1, out=sums[:, 1:])
            self._kept_from[band] = sums
        return self._kept_from[band]

    def day(self, when: date) -> int:
        """Days after the plan's date, not below 0 nor past the last night looked at."""
        return min(max(0, (when - self.as_of).days), self.nights)

    def span(self, stay: Stay) -> slice:
        """The nights of a stay that are looked at."""
        return slice(self.day(stay.arrival), self.day(stay.departure))

    def _mates(self, facts: Facts) -> dict[int, tuple[int, ...]]:
        """The other beds of the room, for each bed in a room of several."""
        found: dict[int, tuple[int, ...]] = {}
        for beds in facts.problem.beds_in_room.values():
            numbers = [self.bed_number[bed.id] for bed in beds]
            if len(numbers) > 1:
                found |= {n: tuple(m for m in numbers if m != n) for n in numbers}
        return found

    def _usable(self, facts: Facts) -> Flags:
        grid = np.ones((len(self.beds), self.nights), dtype=np.bool_)
        for number, bed in enumerate(facts.problem.beds):
            if bed.starts is not None:
                grid[number, : self.day(bed.starts)] = False
            if bed.ends is not None:
                grid[number, self.day(bed.ends) :] = False
        for record in facts.problem.out_of_service:
            grid[self.bed_number[record.bed_id], self.span(record.nights)] = False
        return grid

    def _closed(self, facts: Facts) -> Flags:
        """Nights that are not free: not usable, or wanted by a booking that names the bed."""
        grid = ~self.usable
        for bed, bookings in facts.settled_by_bed.items():
            for booking in bookings:
                grid[self.bed_number[bed], self.span(booking.stay)] = True
        return grid

    def _caps(self, facts: Facts) -> dict[MixAttribute, Ints]:
        """For each attribute that some premises caps, the limit of every premises."""
        found: dict[MixAttribute, Ints] = {}
        for number, premises in enumerate(facts.problem.premises):
            for cap in premises.mix_caps:
                limits = found.setdefault(
                    cap.attribute, np.full(len(self.sites), NO_LIMIT, dtype=np.int64)
                )
                limits[number] = min(limits[number], cap.limit)
        return found

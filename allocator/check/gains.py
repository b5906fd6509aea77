"""Gains: what every way adds to every level, worked out once for all certificates.

Each aim says what it depends on, so that it is asked once for all beds that are alike to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from allocator.booking import Booking
from allocator.check.aim import Aim, Depends
from allocator.check.gain import Gain, Rows
from allocator.check.levels import Level
from allocator.check.nights_axis import Numbers
from allocator.check.place import Place
from allocator.check.way import Way
from allocator.check.ways import Ways
from allocator.referral import Referral


class Gains:
    """The gain of every way, level by level."""

    def __init__(self, ways: Ways, levels: Sequence[Level]) -> None:
        self.facts, self.kinds, self.levels = ways.facts, ways.kinds, levels
        self._row = {p.id: row for row, p in enumerate(self.facts.problem.premises)}
        self._answers: dict[object, Numbers] = {}
        self.all = [[(way, self._of(way)) for way in each] for each in ways.all]
        """The ways of each party with their gains."""

    @cached_property
    def largest(self) -> list[int]:
        """The largest gain or loss that any option has on each level."""
        found = np.zeros(len(self.levels), dtype=np.int64)
        for ways in self.all:
            for _, gain in ways:
                np.maximum(found, gain.largest(len(found)), out=found)
        return [int(largest) for largest in found]

    def _of(self, way: Way) -> Gain:
        by_kind: dict[int, Numbers] = {}
        by_arrival: dict[int, Numbers] = {}
        for number, level in enumerate(self.levels):
            if isinstance(way.party, Booking):
                if level.aim.of_booking is not None:
                    by_kind[number] = level.sign * self._of_booking(level, way.party, way)
            elif level.aim.of_referral is not None and level.counts(way.party, self.facts.policy):
                if level.aim.depends is Depends.ARRIVAL:
                    by_arrival[number] = level.sign * self._by_arrival(level, way.party, way)
                elif level.aim.depends is not Depends.PREMISES_AND_ARRIVAL:
                    by_kind[number] = level.sign * self._by_kind(level.aim, way.party, way)
        return Gain(
            Rows.of(_telling(by_kind), len(way.kinds)),
            Rows.of(_telling(by_arrival), len(way.arrivals)),
            tuple(self._cells(way)),
        )

    def _cells(self, way: Way) -> Iterator[tuple[int, int, int]]:
        """What is left of the kept plan."""
        kept = self.facts.kept_places if isinstance(way.party, Referral) else {}
        here = [(p, day) for p, day in sorted(kept.get(way.party.id, ())) if p in self._row]
        for number, level in enumerate(self.levels):
            if level.aim.depends is Depends.PREMISES_AND_ARRIVAL:
                for premises_id, day in here:
                    for column in np.flatnonzero(way.arrivals == day).tolist():
                        yield number, self._row[premises_id], column

    def _of_booking(self, level: Level, booking: Booking, way: Way) -> Numbers:
        places = [self.kinds.places[kind] for kind in way.kinds.tolist()]
        gains = [level.of_booking(booking, place, way.moved, self.facts) for place in places]
        return np.array(gains, dtype=np.int64)

    def _by_arrival(self, level: Level, referral: Referral, way: Way) -> Numbers:
        place, days = self.kinds.places[0], way.arrivals.tolist()
        gains = [level.of_referral(referral, place, day, self.facts) for day in days]
        return np.array(gains, dtype=np.int64)

    def _by_kind(self, aim: Aim, referral: Referral, way: Way) -> Numbers:
        match aim.depends:
            case Depends.NOTHING:
                one = self._one(aim, referral, self.kinds.places[0])
                return np.full(len(way.kinds), one, dtype=np.int64)
            case Depends.ROOM:
                return self._by_room(aim, referral)[way.kinds]
            case _:
                return self._by_premises(aim, referral, way)

    def _by_room(self, aim: Aim, referral: Referral) -> Numbers:
        asked = aim.code, aim.asks(referral) if aim.asks else referral.id
        if asked not in self._answers:
            gains = [self._one(aim, referral, place) for place in self.kinds.places]
            self._answers[asked] = np.array(gains, dtype=np.int64)
        return self._answers[asked]

    def _by_premises(self, aim: Aim, referral: Referral, way: Way) -> Numbers:
        found = np.zeros(len(self._row), dtype=np.int64)
        for row, kind in zip(*self.kinds.one_a_premises(way.kinds), strict=True):
            found[row] = self._one(aim, referral, self.kinds.places[kind])
        return found[self.kinds.premises[way.kinds]]

    def _one(self, aim: Aim, referral: Referral, place: Place) -> int:
        assert aim.of_referral is not None
        return aim.of_referral(referral, place, 0, self.facts)


def _telling(rows: dict[int, Numbers]) -> dict[int, Numbers]:
    """The rows that say anything."""
    return {level: row for level, row in rows.items() if row.any()}

"""What a way adds to the levels, times the certificate's multiples, in exact whole numbers.

Each aim says what it depends on, so that it is asked once for all beds that are alike to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from allocator.booking import Booking
from allocator.check.aim import Aim, Depends
from allocator.check.levels import Level
from allocator.check.nights_axis import Numbers
from allocator.check.prices import TOO_LARGE, CertificateError
from allocator.check.ways import Way, Ways
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute


class Gains:
    """Gains of every party, kept from one certificate to the next."""

    def __init__(self, ways: Ways) -> None:
        self.ways, self.facts = ways, ways.facts
        self._kept: dict[object, Numbers] = {}
        self._attributes: dict[str, frozenset[MixAttribute]] = {}

    def of(self, way: Way, multiples: Mapping[Level, int]) -> tuple[Numbers, Numbers]:
        """Σ multiple · gain, as a part for each kind of bed and a part for each arrival."""
        by_kind = np.zeros(len(self.ways.kinds), dtype=np.int64)
        by_arrival = np.zeros(len(way.arrivals), dtype=np.int64)
        for level, multiple in multiples.items():
            if isinstance(way.party, Booking):
                if level.aim.of_booking is not None:
                    by_kind += _times(multiple, self._of_booking(level, way.party, way))
            elif level.aim.of_referral is not None and level.counts(way.party, self.facts.policy):
                if level.aim.depends is Depends.ARRIVAL:
                    by_arrival += _times(multiple, self._by_arrival(level, way.party, way))
                elif level.aim.depends is not Depends.PREMISES_AND_ARRIVAL:
                    by_kind += _times(multiple, self._by_kind(level.aim, way.party, way))
        return by_kind, by_arrival

    def single_cells(
        self, way: Way, multiples: Mapping[Level, int]
    ) -> Iterator[tuple[tuple[str, int], int]]:
        """Gains at one premises for one arrival: what is left of the kept plan."""
        if isinstance(way.party, Booking):
            return
        for level, multiple in multiples.items():
            if level.aim.depends is not Depends.PREMISES_AND_ARRIVAL:
                continue
            for premises_id, day in sorted(self.facts.kept_places.get(way.party.id, ())):
                for column in np.flatnonzero(way.arrivals == day).tolist():
                    yield (premises_id, column), int(_times(multiple, np.ones(1, np.int64))[0])

    def has(self, referral: Referral, attribute: MixAttribute) -> bool:
        """Whether a mix cap counts the referral."""
        if referral.id not in self._attributes:
            person = self.facts.person_of_referral(referral)
            self._attributes[referral.id] = frozenset(
                each for each in MixAttribute if person.has(each, self.facts.policy)
            )
        return attribute in self._attributes[referral.id]

    def _by_arrival(self, level: Level, referral: Referral, way: Way) -> Numbers:
        place = self.ways.kinds[0]
        days = way.arrivals.tolist()
        gains = [level.of_referral(referral, place, day, self.facts) for day in days]
        return np.array(gains, dtype=np.int64)

    def _of_booking(self, level: Level, booking: Booking, way: Way) -> Numbers:
        found = np.zeros(len(self.ways.kinds), dtype=np.int64)
        for kind in np.flatnonzero(way.kinds).tolist():
            found[kind] = level.of_booking(booking, self.ways.kinds[kind], way.moved, self.facts)
        return found

    def _by_kind(self, aim: Aim, referral: Referral, way: Way) -> Numbers:
        key = (aim.code, _asks(aim, referral))
        if key not in self._kept:
            self._kept[key] = self._ask(aim, referral, way)
        return self._kept[key]

    def _ask(self, aim: Aim, referral: Referral, way: Way) -> Numbers:
        if aim.depends is Depends.NOTHING:
            return np.full(len(self.ways.kinds), self._one(aim, referral, 0), dtype=np.int64)
        if aim.depends is Depends.ROOM:
            everything = [self._one(aim, referral, kind) for kind in range(len(self.ways.kinds))]
            return np.array(everything, dtype=np.int64)
        found = np.zeros(len(self.ways.kinds), dtype=np.int64)
        answers: dict[str, int] = {}
        for kind in np.flatnonzero(way.kinds).tolist():
            premises_id = self.ways.kinds[kind].premises.id
            if premises_id not in answers:
                answers[premises_id] = self._one(aim, referral, kind)
            found[kind] = answers[premises_id]
        return found

    def _one(self, aim: Aim, referral: Referral, kind: int) -> int:
        assert aim.of_referral is not None
        return aim.of_referral(referral, self.ways.kinds[kind], 0, self.facts)


def _asks(aim: Aim, referral: Referral) -> object:
    """What of the referral decides the aim's answers: those who ask alike are answered alike."""
    if aim.depends is Depends.ROOM:
        offences = referral.offences, referral.offences_unknown
        return referral.desirable, referral.essential, offences
    return referral.id


def _times(multiple: int, gains: Numbers) -> Numbers:
    if abs(multiple) * int(np.abs(gains).max(initial=0)) >= TOO_LARGE:
        raise CertificateError("has weights too large to add up exactly")
    return multiple * gains if len(gains) else gains

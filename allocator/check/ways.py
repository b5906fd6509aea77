"""Ways: the options of each party to a plan, as far as no price is needed to know them.

Model: docs/model.md#certificate. A *kind* is a set of beds that no rule and no aim can tell apart
except by night: those of one premises in rooms that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property

import numpy as np

from allocator.booking import Booking
from allocator.check import bed_in_service, held_bed
from allocator.check.apart import Apart
from allocator.check.bed_rules import BED_RULES
from allocator.check.capacity import free_nights
from allocator.check.company import Company
from allocator.check.facts import Facts
from allocator.check.held_nights import KeptFrom
from allocator.check.kinds import Kinds
from allocator.check.nights_axis import Axis, Flags, Numbers, sums
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.check.way import Way
from allocator.held import NO_BAND
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute

RULES = {
    reads: [r for r in BED_RULES if r.READS is reads and r not in (bed_in_service, held_bed)]
    for reads in Reads
}
"""Bed rules by what they read; nights of a bed are looked up in `Ways.free` and `held` instead."""


class Ways:
    """Every party's ways, with the kinds of bed and their free nights."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.axis = Axis(facts)
        self.kinds = Kinds(facts)
        self.free = free_nights(facts, self.axis)
        self.free_sums = sums(self.free)
        self.kept_from = KeptFrom(facts, self.axis)
        self.company = Company(facts, self.axis, self.free)
        self.apart = Apart(facts)
        self._room_answers: dict[object, Flags] = {}

    @cached_property
    def all(self) -> list[tuple[Way, ...]]:
        """The ways of each referral, then of each open booking."""
        found = [tuple(self._of_referral(r)) for r in self.facts.problem.referrals]
        open_ones = (b for b in self.facts.bookings if not self.facts.is_settled(b))
        return found + [tuple(self._of_booking(b)) for b in open_ones]

    @cached_property
    def latest(self) -> int:
        """The last arrival of anyone, on the axis."""
        last = [int(way.arrivals[-1]) for ways in self.all for way in ways]
        return min(max(last, default=0), self.axis.nights)

    @cached_property
    def alike(self) -> list[int]:
        """A number for each bed, the same where kind and free nights are the same for everyone."""
        numbers: dict[object, int] = {}
        # A bed that is held, or beside someone who keeps theirs, is like no other.
        own = set(self.company.neighbours)
        held = self.facts.problem.held_by_bed
        own.update(n for n, bed in enumerate(self.facts.problem.beds) if bed.id in held)
        return [
            numbers.setdefault((kind, row.tobytes(), bed if bed in own else None), len(numbers))
            for bed, (kind, row) in enumerate(zip(self.kinds.of_bed, self.free, strict=True))
        ]

    def _of_referral(self, referral: Referral) -> Iterator[Way]:
        first = max(referral.release_date, self.facts.problem.as_of)
        last = max(referral.latest_arrival, first)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        stays = [Stay.of(day, referral.nights) for day in days]
        stays = [
            stay
            for stay in stays
            if self._at_all_times(referral, stay) and not self.apart.has_a_place(referral.crn, stay)
        ]
        if stays:
            yield self._new(referral, referral, stays)

    def _of_booking(self, booking: Booking) -> Iterator[Way]:
        nights = self.facts.nights_of(booking)
        own = self.kinds.at[booking.premises_id]
        # Who names a bed may stay in it whatever is held; asking no more than that loosens a bound.
        band = NO_BAND if booking.bed_id is None else 0
        yield Way(booking, False, own, *self._days([nights]), self.axis.nights, band=band)
        if booking.referral is None or not self.facts.is_movable(booking):
            return
        if self._at_all_times(booking.referral, nights):
            yield self._new(booking, booking.referral, [nights])

    def _new(self, party: Referral | Booking, known: Referral, stays: list[Stay]) -> Way:
        """The way of a referral, or of a booking to other premises than its own."""
        lawful = self._lawful(known, stays[0])
        if isinstance(party, Booking):
            lawful[self.kinds.at[party.premises_id]] = False
        return Way(
            party,
            isinstance(party, Booking),
            np.flatnonzero(lawful),
            *self._days(stays),
            self.company.alone_from(party),
            self.company.of(party),
            self.apart.forbidden(party.crn, stays),
            self.facts.policy.known_band(known),
            self._counted_as(known),
        )

    def _counted_as(self, referral: Referral) -> frozenset[MixAttribute]:
        person = self.facts.person_of_referral(referral)
        return frozenset(each for each in MixAttribute if person.has(each, self.facts.policy))

    def _days(self, stays: list[Stay]) -> tuple[Numbers, Numbers]:
        arrivals = [self.axis.number(stay.arrival) for stay in stays]
        departures = [self.axis.number(stay.departure) for stay in stays]
        return np.array(arrivals, dtype=np.int64), np.array(departures, dtype=np.int64)

    def _at_all_times(self, referral: Referral, stay: Stay) -> bool:
        """Rules on the stay that no bed can change; the bed's own nights are in `free`."""
        place = self.kinds.places[0] if self.kinds.places else None
        return place is not None and self._passes(Reads.STAY, referral, place, stay)

    def _lawful(self, referral: Referral, stay: Stay) -> Flags:
        """The kinds that no rule on premises or room bars."""
        found = self._by_room(referral, stay).copy()
        passed = np.zeros(len(self.facts.problem.premises), dtype=np.bool_)
        for row, kind in zip(*self.kinds.one_a_premises(np.flatnonzero(found)), strict=True):
            place = self.kinds.places[kind]
            passed[row] = self._passes(Reads.PREMISES, referral, place, stay)
        return found & passed[self.kinds.premises]

    def _by_room(self, referral: Referral, stay: Stay) -> Flags:
        # Many people need the same of a room: each need is looked up in every kind but once.
        need = (referral.essential, referral.offences, referral.offences_unknown)
        if need not in self._room_answers:
            self._room_answers[need] = np.array(
                [self._passes(Reads.ROOM, referral, place, stay) for place in self.kinds.places],
                dtype=np.bool_,
            )
        return self._room_answers[need]

    def _passes(self, reads: Reads, referral: Referral, place: Place, stay: Stay) -> bool:
        return all(rule.allows(referral, place, stay, self.facts) for rule in RULES[reads])

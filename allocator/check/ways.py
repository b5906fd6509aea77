"""Ways: the options of each party to a plan, as far as no price is needed to know them.

Model: docs/model.md#certificate. A *kind* is a set of beds that no rule and no aim can tell apart
except by night: those of one premises in rooms that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np

from allocator.booking import Booking
from allocator.check.bed_rules import BED_RULES
from allocator.check.capacity import free_nights
from allocator.check.facts import Facts
from allocator.check.nights_axis import Axis, Flags, Numbers, sums
from allocator.check.people import last_shared_night
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.vocabulary import Criterion

Kind = tuple[str, frozenset[Criterion], bool]


@dataclass(frozen=True)
class Way:
    """Options of one party: every bed of some kinds, from every arrival.

    `arrivals` and `departures` are days after the plan's date. Before night `alone_from` the
    party takes one place in a room, from then on all of them.
    """

    party: Referral | Booking
    moved: bool
    kinds: Flags
    arrivals: Numbers
    departures: Numbers
    alone_from: int


class Ways:
    """Every party's ways, with the kinds of bed and their free nights."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.axis = Axis(facts)
        places = [facts.places[bed.id] for bed in facts.problem.beds]
        found: dict[Kind, int] = {}
        self.kind_of_bed = np.array(
            [found.setdefault(_kind(place), len(found)) for place in places], dtype=np.int64
        )
        examples = {_kind(place): place for place in places}
        self.kinds: list[Place] = [examples[kind] for kind in found]
        self.premises_ids = np.array([place.premises.id for place in self.kinds], dtype=object)
        self.free = free_nights(facts, self.axis)
        self.free_sums = sums(self.free.astype(np.int64))
        self._room_answers: dict[object, Flags] = {}

    @cached_property
    def all(self) -> list[tuple[Way, ...]]:
        """The ways of each referral, then of each open booking."""
        found = [tuple(self._of_referral(r)) for r in self.facts.problem.referrals]
        open_ones = (b for b in self.facts.bookings if not self.facts.is_settled(b))
        return found + [tuple(self._of_booking(b)) for b in open_ones]

    def _of_referral(self, referral: Referral) -> Iterator[Way]:
        first = max(referral.release_date, self.facts.problem.as_of)
        last = max(referral.latest_arrival, first)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        stays = [Stay.of(day, referral.nights) for day in days]
        stays = [stay for stay in stays if self._at_all_times(referral, stay)]
        if stays:
            arrivals = np.array([self.axis.number(stay.arrival) for stay in stays], dtype=np.int64)
            yield Way(
                party=referral,
                moved=False,
                kinds=self._lawful(referral, stays[0]),
                arrivals=arrivals,
                departures=arrivals + referral.nights,
                alone_from=self._alone_from(referral),
            )

    def _of_booking(self, booking: Booking) -> Iterator[Way]:
        nights = self.facts.nights_of(booking)
        arrivals = np.array([self.axis.number(nights.arrival)], dtype=np.int64)
        own = np.array(self.premises_ids == booking.premises_id, dtype=np.bool_)
        whole = self.axis.nights
        yield Way(booking, False, own, arrivals, arrivals + nights.nights, whole)
        if booking.referral is None or not self.facts.is_movable(booking):
            return
        if self._at_all_times(booking.referral, nights):
            yield Way(
                party=booking,
                moved=True,
                kinds=self._lawful(booking.referral, nights) & ~own,
                arrivals=arrivals,
                departures=arrivals + nights.nights,
                alone_from=self._alone_from(booking),
            )

    def _alone_from(self, party: Referral | Booking) -> int:
        last = last_shared_night(party.essential, party.sharing)
        return 0 if last is None else self.axis.clip(last + timedelta(days=1))

    def _at_all_times(self, referral: Referral, stay: Stay) -> bool:
        """Rules on the stay that no bed can change; the bed's own nights are in `free`."""
        place = self.kinds[0] if self.kinds else None
        return place is not None and all(
            rule.allows(referral, place, stay, self.facts)
            for rule in BED_RULES
            if rule.READS is Reads.STAY and rule.CODE != "bed_in_service"
        )

    def _lawful(self, referral: Referral, stay: Stay) -> Flags:
        """The kinds that no rule on premises or room bars."""
        found = self._by_room(referral, stay).copy()
        answers: dict[str, bool] = {}
        for number in np.flatnonzero(found):
            place = self.kinds[number]
            premises_id = place.premises.id
            if premises_id not in answers:
                answers[premises_id] = self._passes(Reads.PREMISES, referral, place, stay)
            found[number] = answers[premises_id]
        return found

    def _by_room(self, referral: Referral, stay: Stay) -> Flags:
        # Many people need the same of a room: each need is looked up in every kind but once.
        need = (referral.essential, referral.offences, referral.offences_unknown)
        if need not in self._room_answers:
            self._room_answers[need] = np.array(
                [self._passes(Reads.ROOM, referral, place, stay) for place in self.kinds],
                dtype=np.bool_,
            )
        return self._room_answers[need]

    def _passes(self, reads: Reads, referral: Referral, place: Place, stay: Stay) -> bool:
        return all(
            rule.allows(referral, place, stay, self.facts)
            for rule in BED_RULES
            if rule.READS is reads
        )


def _kind(place: Place) -> Kind:
    return place.premises.id, place.room.characteristics, place.beds_in_room == 1

"""Company: where the rule on sharing lets someone new sleep beside those who keep their bed.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from allocator.booking import Booking
from allocator.check.facts import Facts
from allocator.check.nights_axis import Axis, Flags, Numbers, sums
from allocator.check.people import last_shared_night, never_share
from allocator.estate import Bed
from allocator.referral import Referral


class Company:
    """Free nights of each bed for someone new, as running sums: a row for each bed."""

    def __init__(self, facts: Facts, axis: Axis, free: Flags) -> None:
        self.facts, self.axis, self.free = facts, axis, free
        neighbours = ((row, list(self._beside(bed))) for row, bed in enumerate(facts.problem.beds))
        self.neighbours = {row: people for row, people in neighbours if people}
        self._spoken_of = frozenset(name for pair in facts.policy.never_share for name in pair)
        self._kept: dict[frozenset[str], Numbers] = {}
        self.for_one_alone = self._for_one_alone()

    def of(self, party: Referral | Booking) -> frozenset[str]:
        """What there is about a person that `sharing.incompatible` of the policy speaks of."""
        facts = self.facts
        if isinstance(party, Booking):
            return facts.person_of(party).room_attributes() & self._spoken_of
        return facts.person_of_referral(party).room_attributes() & self._spoken_of

    def alone_from(self, party: Referral | Booking) -> int:
        """The first night on which the party must sleep alone; nights are numbers of the axis."""
        last = last_shared_night(party.essential, party.sharing)
        return 0 if last is None else self.axis.clip(last + timedelta(days=1))

    def for_one_who_may_share(self, attributes: frozenset[str]) -> Numbers:
        """For someone of whom that is so, on nights on which they may share."""
        if attributes not in self._kept:
            found = self.free.copy()
            for row, people in self.neighbours.items():
                for booking in people:
                    nights = self.axis.span(booking.stay)
                    if never_share(attributes, self.of(booking), self.facts.policy):
                        found[row, nights] = False
                    else:
                        found[row, max(nights.start, self.alone_from(booking)) : nights.stop] = (
                            False
                        )
            self._kept[attributes] = sums(found)
        return self._kept[attributes]

    def _for_one_alone(self) -> Numbers:
        found = self.free.copy()
        for row, people in self.neighbours.items():
            for booking in people:
                found[row, self.axis.span(booking.stay)] = False
        return sums(found)

    def _beside(self, bed: Bed) -> Iterator[Booking]:
        """Settled bookings that keep another bed of the room."""
        for other in self.facts.problem.beds_in_room[bed.room_id]:
            if other.id != bed.id:
                yield from self.facts.kept_by_bed.get(other.id, ())

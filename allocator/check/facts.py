"""Facts: a plan beside its problem and policy, and what docs/model.md#data says follows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from allocator.booking import Booking
from allocator.check.people import Person, of_booking, of_referral
from allocator.check.place import Place
from allocator.nights import Stay
from allocator.plan import Placement, Plan, Seat
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral


@dataclass(frozen=True)
class Facts:
    """What every rule and aim asks. Nothing here is an opinion on whether the plan is lawful."""

    plan: Plan
    problem: Problem
    policy: Policy

    def from_today(self, stay: Stay) -> Stay | None:
        """The nights of a stay from the plan's date on, or None."""
        arrival = max(stay.arrival, self.problem.as_of)
        return Stay(arrival, stay.departure) if arrival < stay.departure else None

    @cached_property
    def bookings(self) -> tuple[Booking, ...]:
        """Bookings with a night from the plan's date on; the others are left out of everything."""
        return tuple(b for b in self.problem.bookings if self.from_today(b.stay) is not None)

    @cached_property
    def bookings_by_id(self) -> dict[str, Booking]:
        return {booking.id: booking for booking in self.bookings}

    def nights_of(self, booking: Booking) -> Stay:
        """A booking's nights from the plan's date on."""
        return Stay(max(booking.stay.arrival, self.problem.as_of), booking.stay.departure)

    def is_movable(self, booking: Booking) -> bool:
        """Whether the plan may move the booking to another premises."""
        freeze = timedelta(days=self.policy.displacement_freeze_days)
        return (
            self.plan.displacement
            and not booking.resident
            and booking.referral is not None
            and booking.stay.arrival >= self.problem.as_of + freeze
        )

    def is_settled(self, booking: Booking) -> bool:
        """Whether the booking's bed is a fact."""
        return booking.bed_id is not None and not self.is_movable(booking)

    @cached_property
    def settled_by_bed(self) -> dict[str, list[Booking]]:
        """Settled bookings of each bed, kept and surplus, in the order in which they are kept."""
        found: dict[str, list[Booking]] = defaultdict(list)
        for booking in self.bookings:
            if booking.bed_id is not None and self.is_settled(booking):
                found[booking.bed_id].append(booking)
        for bookings in found.values():
            bookings.sort(key=lambda b: (not b.resident, b.stay.departure, b.stay.arrival, b.id))
        return found

    @cached_property
    def kept_by_bed(self) -> dict[str, list[Booking]]:
        """Settled bookings that keep their bed: the first of those that want a night."""
        found: dict[str, list[Booking]] = {}
        for bed, bookings in self.settled_by_bed.items():
            kept: list[Booking] = []
            for booking in bookings:
                nights = self.nights_of(booking)
                if not any(nights.meets(self.nights_of(other)) for other in kept):
                    kept.append(booking)
            found[bed] = kept
        return found

    @cached_property
    def kept_ids(self) -> frozenset[str]:
        return frozenset(b.id for bookings in self.kept_by_bed.values() for b in bookings)

    def first_unusable(self, bed_id: str, stay: Stay) -> date | None:
        """The first night of the stay on which the bed is out of use, or None."""
        bed = self.problem.beds_by_id[bed_id]
        found = []
        if bed.starts is not None and stay.arrival < bed.starts:
            found.append(stay.arrival)
        if bed.ends is not None and bed.ends < stay.departure:
            found.append(max(stay.arrival, bed.ends))
        for record in self.problem.out_of_service_by_bed.get(bed_id, ()):
            if record.nights.meets(stay):
                found.append(max(stay.arrival, record.nights.arrival))
        return min(found, default=None)

    def first_blocked(self, bed_id: str, stay: Stay) -> date | None:
        """The first night of the stay that a settled booking takes from the bed, or None."""
        nights = [self.nights_of(booking) for booking in self.settled_by_bed.get(bed_id, ())]
        return min((max(n.arrival, stay.arrival) for n in nights if n.meets(stay)), default=None)

    def first_held(self, bed_id: str, stay: Stay) -> date | None:
        """The first night of the stay on which the bed is held for anybody, or None."""
        nights = [hold.nights for hold in self.problem.held_by_bed.get(bed_id, ())]
        return min((max(n.arrival, stay.arrival) for n in nights if n.meets(stay)), default=None)

    def usable_beds(self, premises_id: str, night: date) -> int:
        """How many beds of the premises are in service on the night, whoever is in them."""
        always, others = self._beds_of_premises[premises_id]
        return always + sum(self.problem.bed_is_usable(bed, night) for bed in others)

    @cached_property
    def _beds_of_premises(self) -> dict[str, tuple[int, list[str]]]:
        """For each premises: beds that nothing is said of, as a number; and the others."""
        found: dict[str, tuple[int, list[str]]] = {p.id: (0, []) for p in self.problem.premises}
        for bed in self.problem.beds:
            premises_id = self.problem.rooms_by_id[bed.room_id].premises_id
            always, others = found[premises_id]
            if bed.starts or bed.ends or bed.id in self.problem.out_of_service_by_bed:
                others.append(bed.id)
            else:
                found[premises_id] = (always + 1, others)
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        """Each bed with its room and its premises, by the bed's id."""
        return {
            bed.id: Place(
                bed,
                room := self.problem.rooms_by_id[bed.room_id],
                self.problem.premises_by_id[room.premises_id],
                len(self.problem.beds_in_room[room.id]),
            )
            for bed in self.problem.beds
        }

    @cached_property
    def placed(self) -> tuple[tuple[Placement, Referral, Place], ...]:
        """Placements that name a referral and a bed of the problem."""
        referrals, places = self.problem.referrals_by_id, self.places
        return tuple(
            (p, referrals[p.referral_id], places[p.bed_id])
            for p in self.plan.placements
            if p.referral_id in referrals and p.bed_id in places
        )

    @cached_property
    def seated(self) -> tuple[tuple[Seat, Booking, Place], ...]:
        """Seats that name a booking still to come or here, and a bed of the problem."""
        bookings, places = self.bookings_by_id, self.places
        return tuple(
            (s, bookings[s.booking_id], places[s.bed_id])
            for s in self.plan.seats
            if s.booking_id in bookings and s.bed_id in places
        )

    @cached_property
    def kept_places(self) -> dict[str, set[tuple[str, int]]]:
        """Premises and arrival (days after the plan's date) of each referral in the kept plan."""
        found: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for referral_id, premises_id, arrival in self.plan.kept_plan:
            found[referral_id].add((premises_id, (arrival - self.problem.as_of).days))
        return found

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everyone whom a rule may count: placed, seated, and surplus at their premises."""
        found = [
            of_referral(referral, place.premises.id, place.bed.id, placement.stay)
            for placement, referral, place in self.placed
        ]
        found += [self._booked(b, place, s.moved) for s, b, place in self.seated]
        seated = {seat.booking_id for seat, _, _ in self.seated}
        found += [self._booked(b, None, False) for b in self.bookings if b.id not in seated]
        return tuple(found)

    def person_of(self, booking: Booking) -> Person:
        """The person of a booking as someone in no bed, at the premises where they are booked."""
        return self._booked(booking, None, False)

    def person_of_referral(self, referral: Referral) -> Person:
        """The person of a referral as someone who is nowhere yet."""
        return of_referral(referral, "", None, Stay.of(referral.release_date, referral.nights))

    def _booked(self, booking: Booking, place: Place | None, moved: bool) -> Person:
        premises_id = booking.premises_id if place is None else place.premises.id
        bed_id = None if place is None else place.bed.id
        return of_booking(booking, premises_id, bed_id, self.nights_of(booking), new=moved)

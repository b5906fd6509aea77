"""Part: the plan and the problem of a few premises, cut out whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from allocator.booking import Booking
from allocator.check.facts import Facts
from allocator.estate import Bed, OutOfService, Room
from allocator.held import HeldNights
from allocator.plan import Placement, Plan, Seat, Surplus
from allocator.problem import Problem


@dataclass
class OfPremises:
    """Every record of one premises."""

    rooms: list[Room]
    beds: list[Bed]
    out_of_service: list[OutOfService]
    held: list[HeldNights]
    bookings: list[Booking]
    placements: list[Placement]
    seats: list[Seat]
    surplus: list[Surplus]


class Parts:
    """The records of each premises, sorted once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.at: dict[str, OfPremises] = defaultdict(lambda: OfPremises(*([] for _ in range(8))))
        problem = facts.problem
        for room in problem.rooms:
            self.at[room.premises_id].rooms.append(room)
        for bed in problem.beds:
            self._of(bed.id).beds.append(bed)
        for record in problem.out_of_service:
            self._of(record.bed_id).out_of_service.append(record)
        for hold in problem.held:
            self._of(hold.bed_id).held.append(hold)
        for booking in facts.bookings:
            self.at[booking.premises_id].bookings.append(booking)
        for placement in facts.plan.placements:
            self._of(placement.bed_id).placements.append(placement)
        self.moved: dict[str, list[tuple[Booking, Seat, str]]] = defaultdict(list)
        for seat, booking, place in facts.seated:
            self.at[booking.premises_id].seats.append(seat)
            if place.premises.id != booking.premises_id:
                # A moved booking counts where it is, and is answered for where it was booked.
                self.moved[place.premises.id].append((booking, seat, booking.premises_id))
                self.moved[booking.premises_id].append((booking, seat, place.premises.id))
        for surplus in facts.plan.surplus:
            self.at[surplus.premises_id].surplus.append(surplus)

    def of(self, premises_ids: frozenset[str]) -> tuple[Plan, Problem]:
        """The plan and the problem of these premises, without zones and separations."""
        parts = [self.at[premises] for premises in sorted(premises_ids)]
        placements = tuple(p for part in parts for p in part.placements)
        bookings = {b.id: b for part in parts for b in part.bookings}
        seats = {s.booking_id: s for part in parts for s in part.seats}
        estate = set(premises_ids)
        for booking, seat, other in (m for site in premises_ids for m in self.moved[site]):
            bookings[booking.id], seats[booking.id] = booking, seat
            estate.add(other)
        problem = self.facts.problem
        stock = [self.at[premises] for premises in sorted(estate)]
        cut = Problem(
            as_of=problem.as_of,
            premises=tuple(problem.premises_by_id[premises] for premises in sorted(estate)),
            rooms=tuple(room for part in stock for room in part.rooms),
            beds=tuple(bed for part in stock for bed in part.beds),
            out_of_service=tuple(r for part in stock for r in part.out_of_service),
            held=tuple(hold for part in stock for hold in part.held),
            referrals=tuple(problem.referrals_by_id[p.referral_id] for p in placements),
            bookings=tuple(bookings.values()),
        )
        plan = replace(
            self.facts.plan,
            placements=placements,
            unplaced=(),
            seats=tuple(seats.values()),
            surplus=tuple(surplus for part in parts for surplus in part.surplus),
            levels=(),
            certificates=(),
        )
        return plan, cut

    def _of(self, bed_id: str) -> OfPremises:
        return self.at[self.facts.places[bed_id].premises.id]

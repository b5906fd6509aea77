"""Part: the plan and the problem of a few premises, cut out whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from allocator.booking import Booking
from allocator.check.facts import Facts
from allocator.estate import Bed, OutOfService, Room
from allocator.plan import Placement, Plan, Seat, Surplus
from allocator.problem import Problem


@dataclass
class OfPremises:
    """Every record of one premises."""

    rooms: list[Room]
    beds: list[Bed]
    out_of_service: list[OutOfService]
    bookings: list[Booking]
    placements: list[Placement]
    seats: list[Seat]
    surplus: list[Surplus]


class Parts:
    """The records of each premises, sorted once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.at: dict[str, OfPremises] = defaultdict(lambda: OfPremises([], [], [], [], [], [], []))
        problem = facts.problem
        for room in problem.rooms:
            self.at[room.premises_id].rooms.append(room)
        for bed in problem.beds:
            self._of(bed.id).beds.append(bed)
        for record in problem.out_of_service:
            self._of(record.bed_id).out_of_service.append(record)
        for booking in facts.bookings:
            self.at[booking.premises_id].bookings.append(booking)
        for placement in facts.plan.placements:
            self._of(placement.bed_id).placements.append(placement)
        self.linked: dict[str, set[str]] = defaultdict(set)
        for seat, booking, place in facts.seated:
            self.at[booking.premises_id].seats.append(seat)
            # A moved booking is spoken of at two premises.
            self.linked[booking.premises_id].add(place.premises.id)
            self.linked[place.premises.id].add(booking.premises_id)
        for surplus in facts.plan.surplus:
            self.at[surplus.premises_id].surplus.append(surplus)

    def of(self, premises_ids: frozenset[str]) -> tuple[Plan, Problem]:
        """The plan and the problem of these premises, without zones and separations."""
        wanted = sorted(premises_ids.union(*(self.linked[p] for p in premises_ids)))
        parts = [self.at[premises] for premises in wanted]
        placements = tuple(p for part in parts for p in part.placements)
        problem = self.facts.problem
        cut = Problem(
            as_of=problem.as_of,
            premises=tuple(problem.premises_by_id[premises] for premises in wanted),
            rooms=tuple(room for part in parts for room in part.rooms),
            beds=tuple(bed for part in parts for bed in part.beds),
            out_of_service=tuple(r for part in parts for r in part.out_of_service),
            referrals=tuple(problem.referrals_by_id[p.referral_id] for p in placements),
            bookings=tuple(b for part in parts for b in part.bookings),
        )
        plan = replace(
            self.facts.plan,
            placements=placements,
            unplaced=(),
            seats=tuple(seat for part in parts for seat in part.seats),
            surplus=tuple(surplus for part in parts for surplus in part.surplus),
            levels=(),
            certificates=(),
        )
        return plan, cut

    def _of(self, bed_id: str) -> OfPremises:
        return self.at[self.facts.places[bed_id].premises.id]

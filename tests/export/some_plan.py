"""A plan made simply, to have something to write down. It obeys the bed rules and no others."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.plan import (
    EndedBy,
    LevelReached,
    Placement,
    Plan,
    PlanStatus,
    Seat,
    Sense,
    Surplus,
)
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from allocator.referral import Referral
from allocator.rules import bed_in_service, licence_expiry
from allocator.rules.barred import place_bars
from allocator.rules.place import place_of

LEVELS = (
    LevelReached("placed", 1, Sense.MOST, "people", 12, 12, True, 0.25),
    LevelReached("placed", 2, Sense.MOST, "people", 30, 33, False, 1.5),
    LevelReached("miles", None, Sense.FEWEST, "tenths of a mile", 12_345, 12_000, False, 2.0),
    LevelReached("scarce_features", None, Sense.FEWEST, "features", 7, None, False, 0.0),
)


class Beds:
    """Who has which bed when, as it fills."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.taken: dict[str, list[Stay]] = defaultdict(list)
        self.at: dict[str, list[str]] = defaultdict(list)
        for bed in problem.beds:
            self.at[problem.premises_of_bed(bed.id).id].append(bed.id)

    def take(self, bed_id: str, stay: Stay) -> bool:
        if any(stay.meets(other) for other in self.taken[bed_id]):
            return False
        self.taken[bed_id].append(stay)
        return True

    def seat(self, booking: Booking) -> Seat | None:
        names = [booking.bed_id] if booking.bed_id else self.at[booking.premises_id]
        for bed_id in names:
            if self.take(bed_id, booking.stay):
                return Seat(booking.id, bed_id, inferred=booking.bed_id is None)
        return None


def some_plan(problem: Problem, policy: Policy, levels: tuple[LevelReached, ...] = LEVELS) -> Plan:
    """Bookings in order, then referrals by band and release date, each to the first free bed."""
    beds = Beds(problem)
    bookings = [b for b in problem.bookings if b.stay.departure > problem.as_of]
    seats = {booking.id: beds.seat(booking) for booking in bookings}
    order = sorted(problem.referrals, key=lambda r: (policy.band_of(r), r.release_date, r.id))
    placements = {r.id: _place(r, beds, policy) for r in order}
    return Plan(
        as_of=problem.as_of,
        problem_hash=problem_hash(problem),
        policy_name=policy.name,
        policy_hash=policy.digest,
        status=PlanStatus.FEASIBLE,
        ended_by=EndedBy.EFFORT,
        placements=tuple(p for p in placements.values() if p),
        unplaced=tuple(identifier for identifier, p in placements.items() if p is None),
        seats=tuple(seat for seat in seats.values() if seat),
        surplus=tuple(Surplus(b.id, b.premises_id) for b in bookings if seats[b.id] is None),
        levels=levels,
        effort="standard",
        seed=1,
        seconds=3.5,
        versions=(("allocator", "0.1.0"),),
        synthetic=problem.synthetic,
    )


def _place(referral: Referral, beds: Beds, policy: Policy) -> Placement | None:
    window = licence_expiry.arrivals(referral, beds.problem.as_of)
    if window is None:
        return None
    stay = Stay.of(window[0], referral.nights)
    judged: dict[object, bool] = {}
    for bed in beds.problem.beds:
        place = place_of(bed.id, beds.problem)
        if place not in judged:
            judged[place] = not place_bars(referral, place, beds.problem, policy)
        lawful = judged[place] and bed_in_service.allows(bed.id, stay, beds.problem)
        if lawful and beds.take(bed.id, stay):
            band = policy.band_of(referral)
            return Placement(referral.id, bed.id, stay, band, _decide_by(stay, band, beds, policy))
    return None


def _decide_by(stay: Stay, band: int, beds: Beds, policy: Policy) -> date:
    early = stay.arrival - timedelta(days=policy.commit_by_days[band - 1])
    return max(beds.problem.as_of, early)

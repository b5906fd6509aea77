"""Beds for the bookings that name none: the most people, then the best suited, then compactly.

Premises do not touch each other here, and referrals come after bookings in every level, so each
premises is a small exact problem. Every peer starts from these seats.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from allocator.booking import Booking
from allocator.rules.place import place_of
from allocator.vocabulary import Criterion
from benchmarks.methods.situation import Situation

SECONDS_A_PREMISES = 5.0
KEPT_RESIDENT, KEPT_BOOKING, SUITED = 100_000_000, 1_000_000, 20_000


def seat(situation: Situation) -> dict[str, str]:
    """Bed by booking, settled and open; a booking that is missing is surplus."""
    seats = {b.id: b.bed_id for b in situation.settled.kept if b.bed_id is not None}
    of_site: dict[str, list[Booking]] = {}
    for booking in situation.settled.open:
        of_site.setdefault(booking.premises_id, []).append(booking)
    for site in sorted(of_site):
        seats |= _seat_premises(situation, site, of_site[site])
    return seats


def _seat_premises(situation: Situation, site: str, bookings: list[Booking]) -> dict[str, str]:
    model = cp_model.CpModel()
    here = situation.site_of_bed == situation.site_index[site]
    beds = [int(bed) for bed in np.flatnonzero(here)]
    x: dict[tuple[str, int], cp_model.IntVar] = {}
    worth: list[cp_model.LinearExpr | int] = []
    for booking in bookings:
        nights = situation.span(booking.stay)
        for bed in beds:
            if situation.free[bed, nights].all():
                x[booking.id, bed] = model.new_bool_var("")
                worth.append(_worth(situation, booking, bed) * x[booking.id, bed])
        model.add_at_most_one(x[booking.id, bed] for bed in beds if (booking.id, bed) in x)
    for one, other in combinations(bookings, 2):
        if one.stay.meets(other.stay):
            for bed in beds:
                if (one.id, bed) in x and (other.id, bed) in x:
                    model.add_at_most_one(x[one.id, bed], x[other.id, bed])
    model.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = SECONDS_A_PREMISES
    solver.solve(model)
    return {booking: situation.beds[bed] for (booking, bed), var in x.items() if solver.value(var)}


def _worth(situation: Situation, booking: Booking, bed: int) -> int:
    """Kept, then suited, then no scarce feature used for nothing, then no long idle gap before."""
    place = place_of(situation.beds[bed], situation.problem)
    kept = KEPT_RESIDENT if booking.resident else KEPT_BOOKING
    suited = all(
        place.only_bed if c is Criterion.IS_SINGLE else c in place.features
        for c in booking.essential
    )
    scarce = sum(
        c in place.features and c not in booking.essential for c in situation.policy.scarce_features
    )
    return kept + SUITED * suited - 200 * scarce - _idle_before(situation, booking, bed)


def _idle_before(situation: Situation, booking: Booking, bed: int) -> int:
    """Free nights just before the stay, as far as is known before anyone is seated."""
    before = situation.free[bed, : max(0, situation.day(booking.stay.arrival))]
    taken = np.flatnonzero(~before)
    return len(before) - (int(taken[-1]) + 1 if len(taken) else 0)

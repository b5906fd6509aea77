"""Settle: a bed for each booking of the first day, by the optimiser's own first plan."""

from __future__ import annotations

from dataclasses import replace

from allocator.booking import Booking
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving.first_seats import first_seats


def settled(problem: Problem, policy: Policy) -> tuple[Booking, ...]:
    """The bookings that have a bed, each naming it; what is past or surplus is left out."""
    seats = first_seats(problem, policy)
    return tuple(
        replace(booking, bed_id=seats[booking.id])
        for booking in problem.bookings
        if booking.id in seats
        and booking.referral is not None
        and booking.stay.departure > problem.as_of
    )

"""Why a booking is surplus: another has the bed it names, or there are more of them than beds."""

from __future__ import annotations

from allocator.booking import Booking
from allocator.plan import Plan
from allocator.problem import Problem

BEYOND_THE_BEDS = "its premises is booked beyond its beds"


def surplus_reason(booking: Booking, plan: Plan, problem: Problem) -> str:
    """The reason in words."""
    holder = holder_of_named_bed(booking, plan, problem)
    if holder is None:
        return BEYOND_THE_BEDS
    return f"names bed {booking.bed_id}, which booking {holder.id} has on common nights"


def holder_of_named_bed(booking: Booking, plan: Plan, problem: Problem) -> Booking | None:
    """Who has the bed that a surplus booking names, on nights they have in common."""
    others = (
        problem.bookings_by_id[seat.booking_id]
        for seat in plan.seats
        if booking.bed_id is not None and seat.bed_id == booking.bed_id
    )
    return next((other for other in others if other.stay.meets(booking.stay)), None)

"""Seats: lawful beds for bookings whose file names none, found jointly by the allocator."""

from __future__ import annotations

from dataclasses import replace

from allocator.check import check
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solver_process import Limits, SolveRequest, solve_apart
from api.service.refusals import BusyError

SECONDS = 60.0


def seats_for(
    problem: Problem, there: Problem, policy: Policy, memory_gib: float
) -> dict[str, str]:
    """Beds by booking for those of `problem` without one, beside the bookings that are there.

    Whom no bed can hold is left out. Takes seconds at national size: not for use under the lock.
    """
    if all(booking.bed_id is not None for booking in problem.bookings):
        return {}
    own = {booking.id for booking in problem.bookings}
    others = [booking for booking in there.bookings if booking.id not in own]
    whole = replace(problem, referrals=(), notes=(), bookings=(*problem.bookings, *others))
    request = SolveRequest(whole, policy, effort="quick", time_limit_s=SECONDS)
    outcome = solve_apart(request, Limits(memory_gib=memory_gib))
    if outcome.plan is None or check(outcome.plan, whole, policy):
        raise BusyError("beds for bookings without one could not be found just now")
    return {seat.booking_id: seat.bed_id for seat in outcome.plan.seats if seat.inferred}

"""Seats: lawful beds for bookings whose file names none, found jointly by the allocator."""

from __future__ import annotations

from dataclasses import replace

from allocator.booking import Booking
from allocator.check import check
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solver_process import Limits, SolveRequest, solve_apart
from api.service.basis import Basis
from api.service.refusals import BusyError

SECONDS = 60.0


def seats_for(problem: Problem, basis: Basis, policy: Policy, memory_gib: float) -> dict[str, str]:
    """Beds by booking for those of `problem` without one, beside the bookings that are there.

    Who is there stays where they are, unless the files give them other nights. Where somebody is
    then without a bed, bookings whose bed nobody named may be seated anew in their premises: the
    answer has their beds too. Whom no bed can hold is left out. Takes seconds at national size:
    not for use under the lock.
    """
    if all(booking.bed_id is not None for booking in problem.bookings):
        return {}
    own = {booking.id for booking in problem.bookings}
    others = [booking for booking in basis.problem.bookings if booking.id not in own]
    everyone = (*problem.bookings, *others)
    closed = (*problem.out_of_service, *basis.problem.out_of_service)
    problem = replace(problem, out_of_service=tuple(dict.fromkeys(closed)))
    held = tuple(hold for hold in basis.problem.held if hold.bed_id in problem.beds_by_id)
    kept = tuple(_kept(each, basis) for each in everyone)
    seats = _seats(replace(problem, held=held), kept, policy, memory_gib)
    if held and len(seats) < len(everyone):
        # That somebody is booked is a fact, and a bed is held from no fact.
        seats = _seats(problem, kept, policy, memory_gib)
    if len(seats) < len(everyone):
        anew = _seats(problem, everyone, policy, memory_gib)
        # Moving people about is worth it only for somebody who has no bed otherwise, and only
        # where nobody who has one loses it.
        if len(anew) > len(seats) and basis.beds.keys() & {b.id for b in everyone} <= anew.keys():
            seats = anew
    return seats


def _seats(
    problem: Problem, bookings: tuple[Booking, ...], policy: Policy, memory_gib: float
) -> dict[str, str]:
    """The bed of everyone who has one."""
    whole = replace(problem, referrals=(), notes=(), bookings=bookings)
    request = SolveRequest(whole, policy, effort="quick", time_limit_s=SECONDS)
    outcome = solve_apart(request, Limits(memory_gib=memory_gib))
    if outcome.plan is None or check(outcome.plan, whole, policy):
        raise BusyError("beds for bookings without one could not be found just now")
    return {seat.booking_id: seat.bed_id for seat in outcome.plan.seats}


def _kept(booking: Booking, basis: Basis) -> Booking:
    """The booking in the bed that it has, if the nights are those it had."""
    before = basis.problem.bookings_by_id.get(booking.id)
    bed = basis.beds.get(booking.id)
    same = before is not None and (before.stay, before.premises_id) == (
        booking.stay,
        booking.premises_id,
    )
    return replace(booking, bed_id=bed) if bed is not None and same else booking

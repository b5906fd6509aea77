"""First seats: beds for the bookings that name none, as the first plan gives them."""

from __future__ import annotations

from allocator.plan import EndedBy
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving.model import Model, build_model
from allocator.solving.outcome import as_plan
from allocator.solving.start import Ints, start


def first_seats(problem: Problem, policy: Policy) -> dict[str, str]:
    """Bed by booking for everyone who has one; those surplus at their premises are missing.

    Lawful, found at once, and not the best there is. The problem's referrals are not looked at.
    """
    alone = problem.with_referrals(())
    model = build_model(alone, policy)
    option_of = start(model).option_of
    if _some_without(model, option_of):
        model = build_model(alone, policy, some_unseated=True)
        option_of = start(model).option_of
    plan = as_plan(
        model,
        option_of,
        [],
        [],
        ended_by=EndedBy.EFFORT,
        displacement=False,
        effort="",
        seed=0,
        seconds=0.0,
    )
    return {seat.booking_id: seat.bed_id for seat in plan.seats}


def _some_without(model: Model, option_of: Ints) -> bool:
    return any(option_of[n] < 0 for n in range(len(model.parties)))

"""Finishing: runs that come to a plan of which a test says what is otherwise."""

from dataclasses import replace

from allocator.solving import solve
from api.service import run_ends
from api.service.leases import ALLOCATOR
from api.service.run_values import Why, problem_of
from api.worker.claim import claim


def finished(service, run, *, but=0, **changes):
    """The run, once it has come to the plan of the solver with something changed, and as many
    people as `but` left out of it.
    """
    register = service.register
    with register.changing(ALLOCATOR) as change:
        claim(change, "w", 60)
    with register.reading() as connection:
        plan = solve(problem_of(connection, run), register.policy)
    left = {each.referral_id for each in plan.placements[:but]}
    changes.setdefault("placements", plan.placements[but:])
    plan = replace(plan, unplaced=tuple(sorted({*plan.unplaced, *left})), **changes)
    why = {name: Why("all_taken", "every lawful bed is taken", "Words.") for name in plan.unplaced}
    with register.changing(ALLOCATOR) as change:
        return run_ends.finish(change, run["id"], 1, plan, why)

"""Solvers that lie, and others that never end; named in a request and run in the child process."""

import time
from dataclasses import replace

from allocator.plan import PlanStatus
from allocator.problem import Note
from allocator.progress import Progress
from allocator.solving import solve


def named(function):
    """The name under which the child finds it."""
    return f"{__name__}:{function.__name__}"


def doubles_a_bed(problem, policy, **others):
    """Two people in one bed, and the plan is called optimal."""
    plan = solve(problem, policy, **others)
    first, second, *rest = sorted(plan.placements, key=lambda p: p.stay.arrival)
    both = (first, replace(second, bed_id=first.bed_id), *rest)
    return replace(plan, placements=both, status=PlanStatus.OPTIMAL)


def counts_too_many(problem, policy, **others):
    plan = solve(problem, policy, **others)
    levels = [replace(lv, value=lv.value + 1, bound=lv.value + 1) for lv in plan.levels]
    return replace(plan, levels=tuple(levels))


def solves_another_problem(problem, policy, **others):
    note = Note("added", "nothing", "A problem of the same people that is not the one asked.")
    return solve(replace(problem, notes=(*problem.notes, note)), policy, **others)


def drops_a_person(problem, policy, **others):
    plan = solve(problem, policy, **others)
    return replace(plan, unplaced=())


def takes_another_seed(problem, policy, *, seed, **others):
    return solve(problem, policy, seed=seed + 1, **others)


def takes_another_policy(problem, policy, **others):
    return solve(problem, replace(policy, digest="0" * 64), **others)


def displaces_unasked(problem, policy, *, displacement, **others):
    return solve(problem, policy, displacement=True, **others)


def keeps_what_nobody_asked(problem, policy, *, keep, **others):
    return solve(problem, policy, keep=solve(problem, policy, **others), **others)


LIARS = {
    doubles_a_bed: "one_person_a_bed_night",
    counts_too_many: "aim:placed/1",
    solves_another_problem: "plan_complete",
    drops_a_person: "list of referrals",
    takes_another_seed: "seed",
    takes_another_policy: "plan_complete",
    displaces_unasked: "displacement",
    keeps_what_nobody_asked: "kept plan",
}
"""Each, and what gives it away."""


def sleeps(problem, policy, *, progress, **others):
    progress(Progress("placed/1", 1, 2, 0.1))
    time.sleep(600)


def prepares(problem, policy, *, progress, **others):
    progress(Progress("", None, None, 0.1, "first plan"))
    time.sleep(600)


def shows_a_plan_and_dies(problem, policy, *, incumbent, **others):
    incumbent(solve(problem, policy, **others))
    raise KeyError("a name that nobody must read")


def dies(problem, policy, **others):
    raise KeyError("a name that nobody must read")

"""Verdict: whether a plan is the one that the run asked for, and lawful; if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from allocator.check import check
from allocator.kept_plan import kept_placements
from allocator.plan import Plan
from allocator.solver_process import SolveRequest

SHOWN = 10


def why_refused(plan: Plan, request: SolveRequest) -> str:
    """What is wrong, in words without ids; empty: the plan may be shown.

    The referee judges a plan by what the plan says it was asked, so that is looked at first.
    """
    other = ", ".join(_otherwise(plan, request))
    if other:
        return f"the plan is of another {other}"
    breaches = check(plan, request.problem, request.policy)
    codes = sorted({breach.code for breach in breaches})
    return f"the plan breaches {', '.join(codes[:SHOWN])}" if breaches else ""


def _otherwise(plan: Plan, request: SolveRequest) -> Iterator[str]:
    asked = {
        "effort": (plan.effort, request.effort),
        "seed": (plan.seed, request.seed),
        "displacement": (plan.displacement, request.displacement),
        "kept plan": (set(plan.kept_plan), _kept_of(request)),
    }
    yield from (name for name, (told, wanted) in asked.items() if told != wanted)
    known = request.problem.referrals_by_id.keys()
    if {*plan.placement_of, *plan.unplaced} != set(known):
        yield "list of referrals"


def _kept_of(request: SolveRequest) -> set[tuple[str, str, date]]:
    kept = kept_placements(request.keep, request.problem)
    return {(referral, premises, arrival) for referral, (premises, arrival) in kept.items()}

"""Reasons: the main reason, in a sentence, for everyone whom a plan leaves without a bed."""

from __future__ import annotations

from allocator.explain.reason import reason_of
from allocator.explain.situation import Situation
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem


def reasons(plan: Plan, problem: Problem, policy: Policy) -> dict[str, str]:
    """One sentence for each unplaced referral, by id; worth reading only of a lawful plan."""
    situation = Situation(plan, problem, policy)
    return {
        identifier: reason_of(problem.referrals_by_id[identifier], situation).text
        for identifier in plan.unplaced
        if identifier in problem.referrals_by_id
    }

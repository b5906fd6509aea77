"""The plan is of this problem and this policy. Model: docs/model.md#plan_complete."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.levels import levels_of
from allocator.problem_file import problem_hash

CODE = "plan_complete"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Another date, problem or policy, and levels that are not the policy's, in its order."""
    plan, problem, policy = facts.plan, facts.problem, facts.policy
    if plan.as_of != problem.as_of:
        text = f"the plan is of {plan.as_of} and the problem of {problem.as_of}"
        yield Breach(CODE, (), text)
    if plan.problem_hash != problem_hash(problem):
        yield Breach(CODE, (), "the plan was made for another problem, or the problem has changed")
    if plan.policy_hash != policy.digest:
        yield Breach(CODE, (), "the plan was made under another policy, or the policy has changed")
    expected = [(level.code, level.aim.sense, level.aim.unit) for level in levels_of(plan, policy)]
    if [(level.code, level.sense, level.unit) for level in plan.levels] != expected:
        text = "the plan's levels are not the policy's, in its order, with their senses and units"
        yield Breach(CODE, tuple(level.code for level in plan.levels), text)

"""The referee: whether a plan is lawful, and what it reaches, from docs/model.md alone.

Slow and obvious on purpose. It shares only plain values with what it judges.
"""

from __future__ import annotations

from allocator.check import certificates, levels
from allocator.check.breach import Breach
from allocator.check.certificates import certified_bound
from allocator.check.facts import Facts
from allocator.check.plan_rules import PLAN_RULES
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem

__all__ = ["Breach", "certified_bound", "check", "recompute"]


def check(plan: Plan, problem: Problem, policy: Policy) -> list[Breach]:
    """Everything that is wrong with the plan: rules first, then levels, then certificates."""
    facts = Facts(plan, problem, policy)
    found = [breach for rule in PLAN_RULES for breach in rule.breaches(facts)]
    found += levels.breaches(facts)
    found += certificates.breaches(facts)
    return found


def recompute(plan: Plan, problem: Problem, policy: Policy) -> dict[str, int]:
    """The value of every level, by code, in the policy's order."""
    facts = Facts(plan, problem, policy)
    return {level.code: levels.value(level, facts) for level in levels.levels_of(plan, policy)}

"""The allocator itself, through its own door."""

from __future__ import annotations

from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving import solve


def allocate(problem: Problem, policy: Policy, *, effort: str, seed: int, limit_s: float) -> Plan:
    """The plan of the effort within the limit."""
    return solve(problem, policy, effort=effort, seed=seed, workers=2, time_limit_s=limit_s)

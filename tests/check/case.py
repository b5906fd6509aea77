"""A case of a rule: a small plan on one side of the rule's edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from tests.builders import default_policy
from tests.plans import a_plan

IN_THE_FIRST_BED = (("ref-1", "P1-R1-B1", 1),)


@dataclass(frozen=True)
class Case:
    """A plan that keeps every rule, or that breaches this one (and those of `also`)."""

    text: str
    lawful: bool
    problem: Problem
    plan: Plan
    policy: Policy
    also: frozenset[str]


def allowed(text: str, problem: Problem, **plan: object) -> Case:
    """A plan that the rule has nothing against, nor any other rule."""
    return _case(text, True, problem, **plan)


def breached(text: str, problem: Problem, **plan: object) -> Case:
    """A plan that breaches the rule, and no other that is not named in `also`."""
    return _case(text, False, problem, **plan)


def _case(
    text: str,
    lawful: bool,
    problem: Problem,
    *,
    placements: Iterable[tuple[str, str, int]] = IN_THE_FIRST_BED,
    seats: Mapping[str, str] | None = None,
    displacement: bool = False,
    policy: Policy | None = None,
    change: Callable[[Plan], Plan] | None = None,
    also: Iterable[str] = (),
) -> Case:
    policy = policy or default_policy()
    plan = a_plan(problem, policy, placements=placements, seats=seats, displacement=displacement)
    plan = change(plan) if change else plan
    return Case(text, lawful, problem, plan, policy, frozenset(also))

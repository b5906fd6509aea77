"""An earlier plan of which nothing can be kept: the plan is lawful all the same."""

from __future__ import annotations

import pytest

from allocator.check import check
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.solving import solve
from tests.builders import a_problem, a_referral, an_estate, default_policy
from tests.plans import a_plan

POLICY = default_policy()


def an_earlier_plan(problem: Problem, *placements: tuple[str, str, int]) -> Plan:
    return a_plan(problem, POLICY, placements=placements)


def nobody_was_placed() -> Plan:
    return an_earlier_plan(a_problem(referrals=[a_referral("a")]))


def others_were_placed() -> Plan:
    return an_earlier_plan(a_problem(referrals=[a_referral("gone")]), ("gone", "P1-R1-B1", 1))


def the_bed_is_gone() -> Plan:
    old = a_problem(**an_estate({"P9": (1,)}), referrals=[a_referral("a")])
    return an_earlier_plan(old, ("a", "P9-R1-B1", 1))


@pytest.mark.parametrize("earlier", [nobody_was_placed, others_were_placed, the_bed_is_gone])
def test_nothing_to_keep_is_as_if_no_plan_was_given(earlier) -> None:  # type: ignore[no-untyped-def]
    problem = a_problem(referrals=[a_referral("a")])
    plan = solve(problem, POLICY, keep=earlier())
    assert check(plan, problem, POLICY) == []
    assert plan.kept_plan == ()
    assert "least_change" not in {level.aim for level in plan.levels}


def test_only_people_on_the_list_are_kept() -> None:
    problem = a_problem(**an_estate({"P1": (1, 1)}), referrals=[a_referral("a"), a_referral("b")])
    earlier = an_earlier_plan(problem, ("a", "P1-R1-B1", 1), ("b", "P1-R2-B1", 1))
    now = problem.with_referrals([a_referral("a")])
    plan = solve(now, POLICY, keep=earlier)
    assert check(plan, now, POLICY) == []
    assert [referral for referral, _, _ in plan.kept_plan] == ["a"]
    assert plan.level("least_change").value == 1

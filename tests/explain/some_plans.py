"""Lawful plans of small random problems, and the referee's whole opinion of a changed one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from allocator.check import check
from allocator.check.breach import Breach
from allocator.explain import Situation
from allocator.explain.proposal import Proposal
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from allocator.referral import Referral
from tests.oracle import Oracle
from tests.plans import with_levels
from tests.strategies import SmallCase, a_small_case


def an_oracle(case: SmallCase) -> Oracle:
    return Oracle(case.problem, case.policy, case.displacement, case.kept_plan)


def a_lawful_plan(dice: Random, case: SmallCase, *, most: int = 99) -> Plan:
    """Bookings seated in some lawful way, then people placed as the dice fall, some not at all."""
    oracle = an_oracle(case)
    answers = [plan for _, plan in zip(range(40), oracle._answered(), strict=False)]
    plan = max(answers, key=lambda p: (len(p.seats), dice.random()))
    people = dice.sample(case.problem.referrals, len(case.problem.referrals))
    for referral in people[:most]:
        options = list(oracle.options(referral))
        for placement in dice.sample(options, len(options)):
            more = replace(plan, placements=(*plan.placements, placement))
            if oracle.is_lawful(more):
                plan = more
                break
    return oracle.finished(plan)


def a_situation(seed: int) -> tuple[SmallCase, Situation]:
    """A small problem with a lawful plan that leaves out whoever comes last."""
    dice = Random(seed)
    case = a_small_case(dice)
    plan = a_lawful_plan(dice, case, most=dice.choice((0, 1, 2, 99, 99)))
    return case, Situation(plan, case.problem, case.policy)


def unplaced(situation: Situation) -> list[Referral]:
    return [situation.problem.referrals_by_id[name] for name in situation.plan.unplaced]


def after(proposal: Proposal, situation: Situation) -> tuple[Plan, Problem]:
    """The changed plan, whole, saying of itself what is so."""
    policy = situation.policy
    problem = proposal.problem_after(situation.problem)
    plan = proposal.plan_after(situation.plan, situation.problem, policy)
    plan = with_levels(replace(plan, problem_hash=problem_hash(problem)), problem, policy)
    return plan, problem


def opinion(proposal: Proposal, situation: Situation) -> list[Breach]:
    """Everything the referee has against the whole changed plan."""
    plan, problem = after(proposal, situation)
    return check(plan, problem, situation.policy)

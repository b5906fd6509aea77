"""Whatever the prices, no lawful plan is beyond what a certificate says that it proves."""

from itertools import islice
from random import Random

import pytest

from allocator.check import certified_bound
from tests.oracle import Oracle
from tests.strategies import a_certificate, a_small_case

PLANS_A_CASE = 60


def gains(plan):
    return [level.value * (1 if level.sense == "most" else -1) for level in plan.levels]


def checked(seed, displacement):
    """How often a random certificate was tried on a plan it speaks of, and how often it bound."""
    dice = Random(seed)
    case = a_small_case(dice, displacement=displacement)
    oracle = Oracle(case.problem, case.policy, case.displacement, case.kept_plan)
    plans = list(islice(oracle.every_lawful_plan(), PLANS_A_CASE))
    plan = dice.choice([oracle.best(), *plans])
    tried = tight = 0
    for number, level in enumerate(plan.levels):
        certificate = a_certificate(dice, plan, case.problem, number)
        bound = certified_bound(certificate, plan, case.problem, case.policy)
        bound *= 1 if level.sense == "most" else -1
        reached = gains(plan)[:number]
        for other in plans:
            if all(a >= b for a, b in zip(gains(other)[:number], reached, strict=True)):
                assert gains(other)[number] <= bound, (level.code, other)
                tried += 1
                tight += gains(other)[number] == bound
    return tried, tight


@pytest.mark.parametrize("displacement", [False, True])
def test_no_lawful_plan_is_beyond_a_certified_bound(displacement):
    results = [checked(seed, displacement) for seed in range(150)]
    assert sum(tried for tried, _ in results) > 10_000
    assert sum(tight for _, tight in results) > 500

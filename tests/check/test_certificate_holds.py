"""Whatever the prices, no lawful plan is beyond what a certificate says that it proves."""

from itertools import islice
from random import Random

import pytest

from allocator.check import certified_bound
from tests.check.blind_prices import a_certificate, an_even_certificate
from tests.oracle import Oracle
from tests.strategies import a_small_case

PLANS_A_CASE = 60


def gains(plan):
    return [level.value * (1 if level.sense == "most" else -1) for level in plan.levels]


def checked(dice, case, maker):
    """How often a random certificate was tried on a plan it speaks of, and how often it bound."""
    oracle = Oracle(case.problem, case.policy, case.displacement, case.kept_plan)
    best = oracle.best()
    plans = [best, *islice(oracle.every_lawful_plan(), PLANS_A_CASE)]
    plan = dice.choice(plans)
    tried = tight = 0
    for number, level in enumerate(plan.levels):
        certificate = maker(dice, plan, case.problem, number)
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
    results = []
    for seed in range(150):
        dice = Random(seed)
        results.append(checked(dice, a_small_case(dice, displacement=displacement), a_certificate))
    assert sum(tried for tried, _ in results) > 10_000
    assert sum(tight for _, tight in results) > 500


@pytest.mark.parametrize("maker", [a_certificate, an_even_certificate])
@pytest.mark.parametrize("displacement", [False, True])
def test_no_lawful_plan_is_beyond_a_bound_from_prices_on_shared_rooms(displacement, maker):
    results = []
    for seed in range(1000, 1100):
        dice = Random(seed)
        case = a_small_case(dice, displacement=displacement)
        if any(len(beds) > 1 for beds in case.problem.beds_in_room.values()):
            results.append(checked(dice, case, maker))
    assert sum(tried for tried, _ in results) > 2_000
    assert sum(tight for _, tight in results) > 300

"""The oracle's short cut finds what looking at every lawful plan finds."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from allocator.check import check, recompute
from allocator.problem import Problem
from tests.oracle import Oracle, best_values
from tests.strategies import SmallCase, a_small_case, small_cases

SEEDS = range(60)
MOST_PLANS = 400


def the_oracle(seed: int) -> Oracle:
    case = a_small_case(Random(seed))
    return Oracle(case.problem, case.policy, case.displacement, case.kept_plan)


def gains(plan) -> list[int]:
    return [level.value * (1 if level.sense == "most" else -1) for level in plan.levels]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_lawful_plan_beats_the_oracle(seed):
    oracle = the_oracle(seed)
    best, seen = gains(oracle.best()), []
    for number, plan in enumerate(oracle.every_lawful_plan()):
        if number == MOST_PLANS:
            break
        seen.append(gains(plan))
    assert max(seen) == best or (number == MOST_PLANS and max(seen) <= best)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_oracles_plan_is_lawful(seed):
    oracle = the_oracle(seed)
    assert check(oracle.best(), oracle.problem, oracle.policy) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_cases())
def test_nobody_is_worse_off_without_the_others(case: SmallCase):
    # Fewer referrals never cost a resident or a booking its bed.
    alone: Problem = case.problem.with_referrals(())
    everyone = best_values(case.problem, case.policy, displacement=case.displacement)
    nobody = best_values(alone, case.policy, displacement=case.displacement)
    for code in ("residents_kept", "bookings_kept"):
        assert everyone[code] == nobody[code]


def test_what_the_oracle_says_is_reached_is_what_its_plan_reaches():
    oracle = the_oracle(3)
    plan = oracle.best()
    assert oracle.best_values() == recompute(plan, oracle.problem, oracle.policy)
    assert oracle.best_values() == {level.code: level.value for level in plan.levels}


def test_the_small_cases_are_not_all_empty_and_some_bookings_are_moved():
    plans = [the_oracle(seed).best() for seed in range(150)]
    assert sum(len(plan.placements) for plan in plans) > 100
    assert any(seat.moved for plan in plans for seat in plan.seats)
    assert any(plan.surplus for plan in plans)

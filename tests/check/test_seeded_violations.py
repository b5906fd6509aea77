"""Lawful plans spoilt in every way we know: the referee sees every one, under the right code."""

from collections import Counter
from random import Random

import pytest

from allocator.check import check
from allocator.check.bed_rules import BED_RULES
from allocator.check.plan_rules import PLAN_RULES
from tests.check.violations import SPOILERS, Spoilable
from tests.oracle import Oracle
from tests.strategies import a_small_case

CASES = 350
LEAST_OF_EACH = 10


def lawful_plans():
    for seed in range(CASES):
        case = a_small_case(Random(seed))
        oracle = Oracle(case.problem, case.policy, case.displacement, case.kept_plan)
        yield Spoilable(oracle.best(), case.problem, case.policy)


@pytest.fixture(scope="module")
def spoilt():
    """How often each way was tried, and each time that it was not seen."""
    tried, missed, dice = Counter(), [], Random(0)
    for number, lawful in enumerate(lawful_plans()):
        for code, spoilers in SPOILERS.items():
            for spoil in spoilers:
                worse = spoil(dice, lawful)
                if worse is None:
                    continue
                tried[spoil.__name__] += 1
                found = check(worse.plan, worse.problem, worse.policy)
                if not any(breach.code.startswith(code) for breach in found):
                    missed.append((number, code, spoil.__name__))
    return tried, missed


def test_every_seeded_violation_is_seen_under_its_code(spoilt, record_property):
    tried, missed = spoilt
    record_property("violations", tried.total())
    print(f"{tried.total() - len(missed)} of {tried.total()} seeded violations rejected")
    assert missed == []


def test_every_way_to_spoil_a_plan_was_tried_often_enough(spoilt):
    tried, _ = spoilt
    names = [spoil.__name__ for spoilers in SPOILERS.values() for spoil in spoilers]
    assert {name: tried[name] for name in names if tried[name] < LEAST_OF_EACH} == {}


def test_every_rule_has_a_way_to_be_spoilt():
    assert {rule.CODE for rule in (*BED_RULES, *PLAN_RULES)} <= SPOILERS.keys()

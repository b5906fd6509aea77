"""The peers of the benchmark are honest: lawful everywhere, and exact where they claim to be."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from allocator.check import check
from allocator.generate import generate
from allocator.ingest import read_files
from allocator.plan import Plan, PlanStatus
from allocator.policy import load_policy
from allocator.problem import Problem
from benchmarks.methods.greedy import first_come_first_served, risk_order_best_fit
from benchmarks.methods.one_mip import one_mip
from benchmarks.methods.plain_cpsat import plain_cpsat
from benchmarks.methods.situation import Situation
from tests.fixtures.folders import FIXTURES, sources
from tests.oracle import Oracle
from tests.strategies import a_small_case

POLICY = load_policy()
FOLDERS = [FIXTURES / "tiny", *sorted(f for f in (FIXTURES / "awkward").iterdir() if f.is_dir())]
GREEDY = (first_come_first_served, risk_order_best_fit)
EXACT: tuple[Callable[..., Plan], ...] = (plain_cpsat, one_mip)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def small(request: pytest.FixtureRequest) -> Problem:
    expected = request.param / "expected.toml"
    as_of = date(2026, 11, 2)
    if expected.exists():
        as_of = tomllib.loads(expected.read_text(encoding="utf-8"))["as_of"]
    reading = read_files(sources(request.param, as_of, skip_bad_rows=True))
    assert reading.problem is not None
    return reading.problem


@pytest.mark.parametrize("method", EXACT)
def test_an_exact_peer_reaches_the_best_of_all_lawful_plans(
    method: Callable[..., Plan], small: Problem
) -> None:
    plan = method(Situation(small, POLICY), seed=0, limit_s=60)
    assert check(plan, small, POLICY) == []
    assert plan.status is PlanStatus.OPTIMAL
    assert {level.code: level.value for level in plan.levels} == Oracle(small, POLICY).best_values()


@pytest.mark.parametrize("method", EXACT)
def test_an_exact_peer_reaches_the_best_on_random_small_problems(
    method: Callable[..., Plan],
) -> None:
    for number in range(60):
        case = a_small_case(Random(number), displacement=False)
        problem = replace(case.problem, held=())
        plan = method(Situation(problem, case.policy), seed=0, limit_s=60)
        assert check(plan, problem, case.policy) == [], number
        values = {level.code: level.value for level in plan.levels}
        assert values == Oracle(problem, case.policy).best_values(), number


@pytest.mark.parametrize("method", GREEDY)
def test_a_greedy_peer_is_lawful_on_every_small_fixture(
    method: Callable[[Situation], Plan], small: Problem
) -> None:
    assert check(method(Situation(small, POLICY)), small, POLICY) == []


@pytest.mark.parametrize("method", GREEDY)
@pytest.mark.parametrize("overbooked", [False, True])
def test_a_greedy_peer_is_lawful_on_a_whole_estate(
    method: Callable[[Situation], Plan], overbooked: bool
) -> None:
    problem = generate("S", 2, separations=0.4, overbooked=overbooked)
    plan = method(Situation(problem, POLICY))
    assert check(plan, problem, POLICY) == []
    assert plan.level("placed/1").value > 0


def test_best_fit_places_more_of_the_top_bands_than_first_come_first_served() -> None:
    situation = Situation(generate("S", 2), POLICY)
    fair, first = risk_order_best_fit(situation), first_come_first_served(situation)
    for code in ("placed/1", "placed/2"):
        assert fair.level(code).value >= first.level(code).value
    assert fair.level("placed/1").value > first.level("placed/1").value

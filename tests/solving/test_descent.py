"""People change places only for a better lawful plan, until nobody alone can find a better one."""

from __future__ import annotations

import time
from random import Random
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest

from allocator.generate import generate
from allocator.plan import EndedBy
from allocator.policy import load_policy
from allocator.solving import chain, solve
from allocator.solving.clock import Clock
from allocator.solving.descent import descend, descended
from allocator.solving.model import Model, build_model
from allocator.solving.order import Order, order_of
from allocator.solving.start import first_plan, start
from tests.solving.choices import empty, is_lawful, some_plan
from tests.solving.oracle_run import Run
from tests.solving.thresholds import as_if_large
from tests.strategies import a_small_case

Ints = npt.NDArray[np.int64]
WISHES = 40


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(generate("S", 1, load=1.5, windows="mixed"), load_policy())


def _poor(model: Model) -> Ints:
    """Whoever has a bed in the first plan, as late as there is one lawful for them."""
    assignment = empty(model)
    for option in start(model).option_of.tolist():
        if option >= 0:
            assignment.add(option)
    for person in np.flatnonzero(assignment.option_of >= 0).tolist():
        if model.parties[person].is_new:
            assignment.remove(person)
            span = model.options.of(person)
            assignment.place(person, model.options.arrival[span].astype(np.float64))
    return assignment.option_of


@pytest.mark.parametrize("seed", range(51_000, 51_300))
def test_it_is_lawful_and_never_worse(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    before = some_plan(model, dice)
    after = descended(model, before, WISHES, Clock())
    assert is_lawful(model, after)
    assert model.totals(after) >= model.totals(before)


@pytest.mark.parametrize("seed", range(51_300, 51_500))
def test_what_is_held_stays_as_it_is_and_the_rest_is_no_worse(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    held = dice.sample(range(len(model.levels)), 3)
    plan = some_plan(model, dice)
    before = model.totals(plan)
    after = model.totals(descended(model, plan, WISHES, Clock(), held=held))
    assert [after[k] for k in held] == [before[k] for k in held]
    assert after >= before


def test_nobody_alone_finds_a_better_place_afterwards(model: Model) -> None:
    before = _poor(model)
    after = descended(model, before, WISHES, Clock())
    assert is_lawful(model, after)
    assert model.totals(after) > model.totals(before)
    order, assignment = order_of(model), empty(model)
    for option in after[after >= 0].tolist():
        assignment.add(option)
    for person in [k for k, party in enumerate(model.parties) if party.is_new]:
        had = int(assignment.option_of[person])
        if had >= 0:
            assignment.remove(person)
        every = model.options.every(person)
        open_ones = every[assignment.which_open(every)]
        rank = _ranks(order, np.array([had])).T.tolist()[0] if had >= 0 else [0] * len(order.blends)
        assert all(each <= rank for each in _ranks(order, open_ones).T.tolist())
        if had >= 0:
            assignment.add(had)


def test_two_who_make_way_for_each_other_come_to_more_than_each_alone(model: Model) -> None:
    before = _poor(model)
    alone = model.totals(descended(model, before, 0, Clock()))
    assert model.totals(descended(model, before, WISHES, Clock())) > alone


def test_it_ends_when_the_time_is_up_with_what_there_is(model: Model) -> None:
    before = _poor(model)
    after = descended(model, before, WISHES, Clock(limit_s=0.0))
    assert (after == before).all()


def test_bookings_of_the_first_plan_change_beds_until_they_suit() -> None:
    model = build_model(generate("M", 1, windows="mixed"), load_policy())
    suited = next(k for k, level in enumerate(model.levels) if level.aim == "bookings_suited")
    first = first_plan(model, Clock())
    assert is_lawful(model, first)
    assert model.totals(first)[suited] > model.totals(start(model).option_of)[suited]


def test_time_is_short_when_a_first_plan_took_a_third_of_it() -> None:
    now = time.monotonic()
    assert Clock(limit_s=30.0, began=now - 11).hurried()
    assert not Clock(limit_s=300.0, began=now - 11).hurried()
    assert not Clock(began=now - 11).hurried()


@pytest.mark.parametrize("share", ["led_long_enough", "hurried", "placed_long_enough"])
def test_a_plan_in_which_the_limit_had_a_say_tells_so(share: str) -> None:
    clock = Clock(limit_s=30.0, began=time.monotonic() - 29)
    assert (clock.had_a_say, clock.ended_by()) == (False, EndedBy.EFFORT)
    assert getattr(clock, share)()
    assert (clock.had_a_say, clock.ended_by()) == (True, EndedBy.TIME_LIMIT)


def test_a_plan_that_took_all_the_time_it_wanted_tells_so_too() -> None:
    whole = generate("S", 1)
    problem = whole.with_referrals(whole.referrals[:20])
    assert not solve(problem, load_policy(), effort="quick").timed
    assert not solve(problem, load_policy(), effort="quick", time_limit_s=10_000).timed
    assert solve(problem, load_policy(), effort="quick", time_limit_s=0.001).timed


def test_a_large_problem_with_beds_for_all_changes_places_too() -> None:
    whole = generate("S", 1, load=0.3, windows="mixed")
    problem = whole.with_referrals(whole.referrals[:20])
    with as_if_large(), patch.object(chain, "descend", wraps=descend) as asked:
        solve(problem, load_policy(), effort="quick")
    assert asked.called


@pytest.mark.parametrize("seed", range(51_500, 51_550))
def test_a_plan_made_in_a_hurry_is_lawful_and_its_bounds_hold(seed: int) -> None:
    with as_if_large(), patch.object(Clock, "hurried", return_value=True):
        faults = list(Run.of(seed).faults())
    assert [fault for fault in faults if "not proven" not in fault] == []


def test_the_order_is_that_of_the_levels(model: Model) -> None:
    """What four people gain and lose together compares as the levels' totals do."""
    order, dice = order_of(model), np.random.default_rng(5)
    some = dice.integers(len(model.options), size=(8, 2_000))
    levels = np.stack([model.gains.at(gain, some.ravel()) for gain in model.gain_of])
    totals = levels.reshape(-1, 8, 2_000)
    ranks = _ranks(order, some.ravel()).reshape(-1, 8, 2_000)
    gained = [each[:, :4].sum(axis=1) - each[:, 4:].sum(axis=1) for each in (totals, ranks)]
    for by_level, by_rank in zip(gained[0].T.tolist(), gained[1].T.tolist(), strict=True):
        assert _sign(by_level) == _sign(by_rank)


def _ranks(order: Order, options: Ints) -> Ints:
    """What each option adds: [number, option]."""
    return np.stack([order.model.gains.at(gain, options) for gain in order.blends])


def _sign(numbers: list[int]) -> int:
    first = next((number for number in numbers if number), 0)
    return (first > 0) - (first < 0)

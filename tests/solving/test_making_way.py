"""Somebody is put in a place of chance, others make way: lawful still, and no worse."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.clock import Clock
from allocator.solving.descent import descended
from allocator.solving.making_way import make_way
from allocator.solving.model import Model, build_model
from allocator.solving.places import places_of
from allocator.solving.start import start
from tests.solving.choices import is_lawful, some_plan
from tests.strategies import a_small_case

TRIES = 50
WISHES = 40


def _changed(
    model: Model,
    plan: npt.NDArray[np.int64],
    held: tuple[int, ...] = (),
    tries: int = TRIES,
    clock: Clock | None = None,
) -> npt.NDArray[np.int64]:
    places = places_of(model, plan, held)
    clock = clock or Clock()
    make_way(places, tries, np.random.default_rng(3), clock, clock.changed_places_long_enough)
    return places.option_of


@pytest.mark.parametrize("seed", range(53_000, 53_300))
def test_it_is_lawful_and_never_worse(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    before = some_plan(model, dice)
    after = _changed(model, before)
    assert is_lawful(model, after)
    assert model.totals(after) >= model.totals(before)


@pytest.mark.parametrize("seed", range(53_300, 53_500))
def test_what_is_held_stays_as_it_is_and_the_rest_is_no_worse(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    held = tuple(dice.sample(range(len(model.levels)), 3))
    plan = some_plan(model, dice)
    before, after = model.totals(plan), model.totals(_changed(model, plan, held))
    assert [after[k] for k in held] == [before[k] for k in held]
    assert after >= before


def test_it_finds_what_two_people_who_change_places_do_not() -> None:
    model = build_model(generate("S", 1, load=1.5, windows="mixed"), load_policy())
    alone = descended(model, start(model).option_of, WISHES, Clock())
    after = _changed(model, alone, tries=500)
    assert is_lawful(model, after)
    assert model.totals(after) > model.totals(alone)
    again = _changed(model, alone, tries=500)
    assert (after == again).all()


def test_it_ends_when_the_time_is_up_with_what_there_is() -> None:
    model = build_model(generate("S", 1), load_policy())
    before = start(model).option_of
    after = _changed(model, before, clock=Clock(limit_s=0.0))
    assert (after == before).all()

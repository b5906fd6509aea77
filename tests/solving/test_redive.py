"""A stretch of the map after another is made anew, and the plan is no worse for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.solving.clock import Clock
from allocator.solving.dive import dived
from allocator.solving.model import Model
from allocator.solving.redive import redived
from allocator.solving.relaxation import Relaxed
from allocator.solving.start import first_plan, start
from tests.solving.in_parts import a_short_estate, in_parts, never, weights_of


@pytest.fixture(scope="module")
def model() -> Model:
    return a_short_estate()


@pytest.fixture(scope="module")
def weights(model: Model) -> dict[int, int]:
    return weights_of(model)


@pytest.fixture(scope="module")
def relaxed(model: Model) -> Relaxed:
    return in_parts(model)


def reached(model: Model, weights: dict[int, int], choice: np.ndarray) -> list[int]:
    totals = model.totals(choice)
    return [totals[level] for level in sorted(weights)]


def test_from_the_first_plan_it_comes_to_a_better_lawful_one(
    model: Model, weights: dict[int, int], relaxed: Relaxed
) -> None:
    first = first_plan(model, Clock())
    random = np.random.default_rng(1)
    found = redived(model, weights, relaxed, first, 12, random, Clock(), never)
    assert reached(model, weights, found) > reached(model, weights, first)
    again = start(model, found).option_of
    assert (again[found >= 0] == found[found >= 0]).all()
    assert model.limits.broken_pairs(model.options, found) == []


def test_a_dive_that_gives_less_leaves_the_plan_as_it_was(
    model: Model, weights: dict[int, int], relaxed: Relaxed
) -> None:
    random = np.random.default_rng(1)
    plan = dived(model, weights, relaxed, random, Clock(), never)
    plan = redived(model, weights, relaxed, plan, 6, random, Clock(), never)
    # Without options to dive among, those taken out get what is left, in order of priority.
    nothing = replace(relaxed, flow=np.zeros(len(relaxed.flow)))
    found = [
        redived(model, weights, nothing, plan, 1, np.random.default_rng(seed), Clock(), never)
        for seed in range(6)
    ]
    assert all(reached(model, weights, each) >= reached(model, weights, plan) for each in found)
    assert any((each == plan).all() for each in found)


def test_the_same_chance_gives_the_same_plan_and_enough_ends_it(
    model: Model, weights: dict[int, int], relaxed: Relaxed
) -> None:
    first = first_plan(model, Clock())
    one, other = (
        redived(model, weights, relaxed, first, 3, np.random.default_rng(7), Clock(), never)
        for _ in range(2)
    )
    assert (one == other).all()
    random = np.random.default_rng(7)
    none = redived(model, weights, relaxed, first, 3, random, Clock(), lambda: True)
    assert (none == first).all()

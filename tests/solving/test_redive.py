"""A stretch of the map after another is made anew, and the plan is no worse for it."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.clock import Clock
from allocator.solving.dive import dived
from allocator.solving.model import Model, build_model
from allocator.solving.redive import redived
from allocator.solving.relaxation import Relaxation, Relaxed
from allocator.solving.start import first_plan, start

MANY = 10_000
"""Steps of a programme."""


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(generate("S", 1, load=2, windows="mixed"), load_policy())


@pytest.fixture(scope="module")
def weights(model: Model) -> dict[int, int]:
    counts = [k for k, level in enumerate(model.levels) if level.unit == "people"]
    return {k: 4 ** (len(counts) - 1 - n) for n, k in enumerate(counts)}


@pytest.fixture(scope="module")
def relaxed(model: Model, weights: dict[int, int]) -> Relaxed:
    relaxation = Relaxation(model, Clock())
    relaxation.weighs = True
    relaxation.inside[:] = True
    for level in weights:
        relaxation.hold(level, 0)
    found = relaxation.solve(max(weights), 1e-4, MANY)
    assert found is not None
    return found


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


def test_what_is_no_better_leaves_the_plan_as_it_was(
    model: Model, weights: dict[int, int], relaxed: Relaxed
) -> None:
    plan = dived(model, weights, relaxed, np.random.default_rng(1), Clock(), never)
    for seed in range(4):
        random = np.random.default_rng(seed)
        found = redived(model, weights, relaxed, plan, 2, random, Clock(), never)
        assert reached(model, weights, found) >= reached(model, weights, plan)


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

"""A plan in parts becomes a lawful plan of whole people, and a programme goes on where it was."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.solving.clock import Clock
from allocator.solving.dive import dived
from allocator.solving.flow import Flow
from allocator.solving.model import Model
from allocator.solving.relaxation import Relaxed
from allocator.solving.start import rounded, start
from allocator.solving.steps import carried, stepped
from tests.solving.in_parts import MANY, a_short_estate, in_parts, never, weights_of


@pytest.fixture(scope="module")
def model() -> Model:
    return a_short_estate()


@pytest.fixture(scope="module")
def relaxed(model: Model) -> Relaxed:
    return in_parts(model)


def test_a_dive_places_more_of_the_weighted_people_than_rounding_or_the_first_plan(
    model: Model, relaxed: Relaxed
) -> None:
    weights = weights_of(model)
    choice = dived(model, weights, relaxed, np.random.default_rng(1), Clock(), never)

    def total(option_of: np.ndarray) -> int:
        return int(model.added(weights, option_of[option_of >= 0]).sum())

    # It is lawful: each of its options can be added, one after another.
    again = start(model, choice).option_of
    assert (again[choice >= 0] == choice[choice >= 0]).all()
    assert model.limits.broken_pairs(model.options, choice) == []
    assert total(choice) > total(start(model).option_of)
    assert total(choice) >= total(rounded(model, relaxed.columns, relaxed.flow))


def test_the_same_chance_gives_the_same_plan(model: Model, relaxed: Relaxed) -> None:
    weights = dict.fromkeys(list(weights_of(model)), 1)
    one = dived(model, weights, relaxed, np.random.default_rng(7), Clock(), never)
    other = dived(model, weights, relaxed, np.random.default_rng(7), Clock(), never)
    assert (one == other).all()


def test_a_programme_begun_where_it_ended_is_at_its_end(model: Model, relaxed: Relaxed) -> None:
    columns = relaxed.columns
    flow = Flow(model, columns, model.stock.capacity.astype(np.int64))
    rows, counts = flow.rows([]), list(weights_of(model))
    worth = model.added(dict.fromkeys(counts, 1.0), columns)
    cost = np.concatenate([-worth, np.zeros(flow.nodes)])
    first = stepped(rows, cost, None, 1e-6, Clock(), MANY)
    assert first is not None
    few = 40
    cold = stepped(rows, cost, None, 1e-6, Clock(), few)
    warm = stepped(rows, cost, first, 1e-6, Clock(), few)
    assert cold is not None and warm is not None
    assert abs(warm.value - first.value) < abs(cold.value - first.value) / 10


def test_a_point_carried_over_keeps_what_nights_cost(model: Model, relaxed: Relaxed) -> None:
    flow = Flow(model, relaxed.columns, model.stock.capacity.astype(np.int64))
    point = carried(flow, relaxed.flow, relaxed.people, relaxed.prices.beds, np.zeros(0))
    onward = relaxed.prices.beds[:, ::-1].cumsum(axis=1)[:, ::-1].ravel()
    assert np.allclose(-point.duals[flow.parties :], onward[flow.nights_from])
    assert (point.amounts >= 0).all()

"""Room is made for somebody without a bed: lawfully, and for a better plan."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.assignment import Assignment
from allocator.solving.clock import Clock
from allocator.solving.effort import EFFORTS
from allocator.solving.model import Model, build_model
from allocator.solving.room import made_room
from allocator.solving.search import Search
from allocator.solving.start import start


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(generate("S", 2, load=2.0), load_policy())


def _weights(model: Model) -> dict[int, int]:
    people = [k for k, level in enumerate(model.levels) if level.unit == "people"]
    return {k: 4 ** (len(people) - n) for n, k in enumerate(people)}


def _lawful(model: Model, option_of: np.typing.NDArray[np.int64]) -> bool:
    assignment = Assignment(model)
    for option in option_of[option_of >= 0].tolist():
        if not (assignment.is_open(option)):
            return False
        assignment.add(option)
    return True


def test_somebody_more_has_a_bed_where_others_change_theirs(model: Model) -> None:
    quick, clock = EFFORTS["quick"], Clock()
    plans = [start(model).option_of]
    search, weights = Search(model, quick, 0, clock), _weights(model)
    rooms = made_room(model, search, clock, lambda: plans[-1], weights, 10**9, quick.nodes)
    for choice in rooms:
        assert _lawful(model, choice)
        if model.totals(choice) > model.totals(plans[-1]):
            plans.append(choice)
    assert len(plans) > 1


def test_nothing_is_looked_for_when_the_time_is_up(model: Model) -> None:
    quick, clock = EFFORTS["quick"], Clock(limit_s=0.0)
    plan = start(model).option_of
    search, weights = Search(model, quick, 0, clock), _weights(model)
    assert not list(made_room(model, search, clock, lambda: plan, weights, 10**9, quick.nodes))

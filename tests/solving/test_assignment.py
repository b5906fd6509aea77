"""What is open by the compiled count is what beds and limits leave, counted option by option."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
import pytest

from allocator.solving.assignment import Assignment
from allocator.solving.model import Model, build_model
from tests.strategies import a_small_case


def _some_have_a_bed(model: Model, dice: Random) -> Assignment:
    assignment = Assignment(model)
    for person in dice.sample(range(len(model.parties)), len(model.parties)):
        if dice.random() < 0.6:
            worth = np.array([dice.random() for _ in model.options.every(person)])
            assignment.place(person, worth)
    for person in np.flatnonzero(assignment.option_of >= 0).tolist():
        if dice.random() < 0.2:
            assignment.remove(person)
    return assignment


def _room_full(model: Model, assignment: Assignment, option: int) -> bool:
    """Whether the limit on the option's room, counted night by night, refuses it."""
    options, chosen = model.options, assignment.option_of
    taken = chosen[chosen >= 0]
    for limit in model.limits.standing:
        if limit.kind == "room" and limit.pools[options.pool[option]]:
            every = np.append(taken, option)
            used = limit.usage(options, every, np.ones(len(every)))
            stay = slice(int(options.arrival[option]), int(options.ends(option)))
            return bool((used > limit.nights)[stay].any())
    return False


@pytest.mark.parametrize("seed", range(52_000, 52_200))
def test_a_bed_is_one_that_is_free_in_a_room_that_may_be_had(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    assignment = _some_have_a_bed(model, dice)
    for person in np.flatnonzero(assignment.option_of < 0).tolist():
        open_ones = set(assignment.fitting(person).tolist())
        for option in model.options.every(person).tolist():
            stay = slice(int(model.options.arrival[option]), int(model.options.ends(option)))
            free = bool((assignment.free[model.options.pool[option], stay] > 0).all())
            room = not _room_full(model, assignment, option)
            assert (option in open_ones) == (free and room)


def _broken(model: Model, option_of: npt.NDArray[np.int64]) -> bool:
    """Whether a choice takes more than there is of any bed or limit, or brings together a pair."""
    options, taken = model.options, option_of[option_of >= 0]
    nights = np.zeros_like(model.stock.capacity)
    for option in taken.tolist():
        nights[options.pool[option], options.arrival[option] : options.ends(option)] += 1
    ones = np.ones(len(taken))
    return (
        bool((nights > model.stock.capacity).any())
        or any(
            (limit.usage(options, taken, ones) > limit.nights).any() for limit in model.limits.every
        )
        or bool(model.limits.broken_pairs(options, option_of))
    )


@pytest.mark.parametrize("seed", range(52_200, 52_400))
def test_an_option_is_open_just_when_nothing_is_broken_with_it(seed: int) -> None:
    dice = Random(seed)
    case = a_small_case(dice)
    model = build_model(case.problem, case.policy, displacement=case.displacement)
    assignment = _some_have_a_bed(model, dice)
    if _broken(model, assignment.option_of):
        pytest.skip("the bookings alone are more than a limit allows")
    for person in np.flatnonzero(assignment.option_of < 0).tolist():
        for option in model.options.every(person).tolist():
            with_it = assignment.option_of.copy()
            with_it[person] = option
            assert assignment.is_open(option) == (not _broken(model, with_it))

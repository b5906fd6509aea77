"""Choices of chance on small cases, and whether a choice is lawful."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]


def empty(model: Model) -> Assignment:
    """Nobody has anything."""
    return Assignment(model)


def is_lawful(model: Model, option_of: Ints) -> bool:
    """Whether each option was open when its turn came, and no pair is brought together."""
    assignment = empty(model)
    for option in option_of[option_of >= 0].tolist():
        if not (assignment.is_open(option)):
            return False
        assignment.add(option)
    return not model.limits.broken_pairs(model.options, option_of)


def some_plan(model: Model, dice: Random) -> Ints:
    """People in a lawful place of chance, some of them nowhere."""
    assignment = empty(model)
    for person in dice.sample(range(len(model.parties)), len(model.parties)):
        if not model.parties[person].is_new or dice.random() < 0.7:
            options = model.options.party[model.options.of(person)]
            assignment.place(person, np.array([dice.random() for _ in options]))
    return assignment.option_of

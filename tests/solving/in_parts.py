"""A small problem whose beds are short, and the plan in parts that dives begin with."""

from __future__ import annotations

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.clock import Clock
from allocator.solving.model import Model, build_model
from allocator.solving.relaxation import Relaxation, Relaxed

MANY = 10_000
"""Steps of a programme."""


def a_short_estate() -> Model:
    """Two people for each bed that is free."""
    return build_model(generate("S", 1, load=2, windows="mixed"), load_policy())


def weights_of(model: Model) -> dict[int, int]:
    """The levels that count people, each worth four of the next."""
    counts = [k for k, level in enumerate(model.levels) if level.unit == "people"]
    return {k: 4 ** (len(counts) - 1 - n) for n, k in enumerate(counts)}


def in_parts(model: Model) -> Relaxed:
    """The best of all counts of people together, where a person may be in several beds in parts."""
    relaxation, counts = Relaxation(model, Clock()), list(weights_of(model))
    relaxation.weighs = True
    relaxation.inside[:] = True
    for level in counts:
        relaxation.hold(level, 0)
    found = relaxation.solve(counts[-1], 1e-4, MANY)
    assert found is not None
    return found


def never() -> bool:
    """Go on to the end."""
    return False

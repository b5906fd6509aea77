"""Redive: one stretch of the map after another is made anew by a dive, beside what others keep.

All that a dive loses it loses while most people are left, for what is sure of one is a guess about
the others. With two thirds of the plan as it is, the same programmes are small, and see more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.dive import dived
from allocator.solving.model import Model
from allocator.solving.parts import along_a_line
from allocator.solving.relaxation import Relaxed

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
STRETCH = 0.3
"""Share of the premises that are emptied."""


def redived(
    model: Model,
    weights: Mapping[int, int],
    relaxed: Relaxed,
    option_of: Ints,
    times: int,
    random: np.random.Generator,
    clock: Clock,
    enough: Callable[[], bool],
) -> Ints:
    """A lawful choice no worse than this lawful one in the weighted levels, in their order.

    `times`: how many stretches. `relaxed`: of whose options those who are taken out, and those who
    have no bed, are given new ones.
    """
    best, reached = option_of, _reached(model, weights, option_of)
    for _ in range(times):
        if clock.stopped() or enough():
            break
        kept = best[(best >= 0) & ~_in_a_stretch(model, best, random)]
        choice = dived(model, weights, relaxed, random, clock, enough, kept)
        if (now := _reached(model, weights, choice)) >= reached:
            best, reached = choice, now
    return best


def _in_a_stretch(model: Model, option_of: Ints, random: np.random.Generator) -> Flags:
    """Whether the bed of each party is in a stretch of chance; of those without one anything."""
    order = along_a_line(model.problem.premises, random)
    wide = max(1, round(STRETCH * len(order)))
    first = random.integers(0, len(order) - wide + 1)
    inside = np.zeros(len(order), dtype=bool)
    inside[order[first : first + wide]] = True
    return np.asarray(inside[model.gains.pool_premises[model.options.pool[option_of]]])


def _reached(model: Model, weights: Mapping[int, int], option_of: Ints) -> list[int]:
    totals = model.totals(option_of)
    return [totals[level] for level in sorted(weights)]

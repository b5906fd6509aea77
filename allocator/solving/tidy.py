"""Tidy: later levels made better where there is no time to bound them; no earlier one gets worse.

The people who have a bed look for earlier and nearer ones, part by part of the map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.effort import Effort
from allocator.solving.model import Model
from allocator.solving.parts import parts
from allocator.solving.search import Search

Ints = npt.NDArray[np.int64]
TOGETHER = (
    {"urgent_first": 1},
    {"uncovered_nights": 1},
    {"miles_beyond": 4, "miles": 1},
    {"preferred_premises": 1, "desirable_criteria": 1, "scarce_features": 1},
)
"""Aims looked at together, with what a unit of each is worth."""
A_DAY = 10
"""Tenths of a mile that a day is worth where options to look at are picked."""


def tidied(
    model: Model,
    search: Search,
    effort: Effort,
    clock: Clock,
    random: np.random.Generator,
    option_of: Ints,
    best: Callable[[int], int],
) -> Iterator[Ints]:
    """Better plans, one after another. `best`: a total that no plan passes, of each level."""
    for aims in TOGETHER:
        totals = model.totals(option_of)
        objective = {
            k: aims[level.aim]
            for k, level in enumerate(model.levels)
            if level.aim in aims and totals[k] < best(k)
        }
        if not objective:
            continue
        bound = sum(weight * best(k) for k, weight in objective.items())
        which = _handy(model, effort.per_person, random, option_of)
        for part in parts(model, which, effort.part_options, random):
            if clock.stopped() or clock.tidied_long_enough():
                return
            totals = model.totals(option_of)
            held = {k: totals[k] for k in range(max(objective) + 1)}
            found = search.look(part, objective, held, option_of, bound, effort.nodes, alone=True)
            if found.option_of is not None and model.totals(found.option_of) > totals:
                option_of = found.option_of
                yield option_of


def _handy(model: Model, size: int, random: np.random.Generator, option_of: Ints) -> Ints:
    """Options of everyone who has one: early and near ones, and earlier ones in the same pool."""
    options = model.options
    near = [g for k, g in zip(model.levels, model.gain_of, strict=True) if k.aim == "miles"]
    found = [np.zeros(0, dtype=np.int64)]
    for party in np.flatnonzero(option_of >= 0).tolist():
        which = options.every(party)
        here = which[options.pool[which] == options.pool[option_of[party]]]
        if len(which) > size:
            far = A_DAY * options.arrival[which].astype(np.float64)
            far -= model.gains.at(near[0], which) if near else 0
            spread = max(1.0, float(np.ptp(far)) / 10)
            rank = far + spread * random.random(len(which))
            which = which[np.argpartition(rank, size)[:size]]
        found += [which, here[options.arrival[here] < options.arrival[option_of[party]]]]
    return np.unique(np.concatenate(found))

"""Parts: options cut by premises, along a line of chance over the map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]


def parts(model: Model, which: Ints, most: int, random: np.random.Generator) -> list[Ints]:
    """The options `which` in parts of about `most`, or all in one; who is near stays together."""
    number = -(-len(which) // most)
    if number <= 1:
        return [which]
    turn = random.uniform(0, 2 * np.pi)
    along = {
        p.id: p.location.latitude * np.cos(turn) + p.location.longitude * np.sin(turn)
        if p.location
        else 0.0
        for p in model.problem.premises
    }
    order = sorted(along, key=lambda name: (along[name], name))
    names = {p.id: k for k, p in enumerate(model.problem.premises)}
    there = np.bincount(model.gains.pool_premises[model.options.pool[which]], minlength=len(order))
    before, part_of = 0, np.zeros(len(order), dtype=np.int64)
    for name in order:
        here = int(there[names[name]])
        part_of[names[name]] = (2 * before + here) * number // (2 * len(which))
        before += here
    own = part_of[model.gains.pool_premises[model.options.pool[which]]]
    return [which[own == part] for part in range(number) if (own == part).any()]

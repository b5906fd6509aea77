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
    rank = {name: k * number // len(order) for k, name in enumerate(order)}
    part_of = np.array([rank[pool.premises_id] for pool in model.stock.pools])
    own = part_of[model.options.pool[which]]
    return [which[own == part] for part in range(number) if (own == part).any()]

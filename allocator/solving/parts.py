"""Parts: options cut by premises, along a line of chance over the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from allocator.estate import Premises
from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]


def parts(model: Model, which: Ints, most: int, random: np.random.Generator) -> list[Ints]:
    """The options `which` in parts of about `most`, or all in one; who is near stays together."""
    number = -(-len(which) // most)
    if number <= 1:
        return [which]
    order = along_a_line(model.problem.premises, random)
    there = np.bincount(model.gains.pool_premises[model.options.pool[which]], minlength=len(order))
    before, part_of = 0, np.zeros(len(order), dtype=np.int64)
    for premises in order:
        here = int(there[premises])
        part_of[premises] = (2 * before + here) * number // (2 * len(which))
        before += here
    own = part_of[model.gains.pool_premises[model.options.pool[which]]]
    return [which[own == part] for part in range(number) if (own == part).any()]


def along_a_line(premises: Sequence[Premises], random: np.random.Generator) -> list[int]:
    """The numbers of the premises, in order along a line of chance over the map."""
    turn = random.uniform(0, 2 * np.pi)
    along = [
        p.location.latitude * np.cos(turn) + p.location.longitude * np.sin(turn)
        if p.location
        else 0.0
        for p in premises
    ]
    return sorted(range(len(premises)), key=lambda k: (along[k], premises[k].id))

"""Room: a bed at one premises for somebody who has none, where those who are there change beds.

For a plan that there is no time to lead by prices: what takes three people to move at once is
found where they all stay at the premises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.descent import by_band
from allocator.solving.model import Model
from allocator.solving.search import Search

Ints = npt.NDArray[np.int64]
PEOPLE = 10
"""People without a bed of whom it is asked, the highest bands first."""
PREMISES = 3
"""Premises of each person where room is looked for: those with the most options for them."""


def made_room(
    model: Model,
    search: Search,
    clock: Clock,
    so_far: Callable[[], Ints],
    weights: Mapping[int, int],
    bound: int,
    nodes: int,
) -> Iterator[Ints]:
    """Plans to choose from, one after another, the highest bands first, while there is time.

    `so_far`: the plan there is, with what was made of those given before. `weights`: what a unit
    of each level counts for. `bound`: a total of them that no plan passes.
    """
    option_of = so_far()
    without = [k for k in by_band(model) if option_of[k] < 0 and len(model.options.every(k))]
    for person in without[:PEOPLE]:
        mine = model.options.every(person)
        here = model.gains.pool_premises[model.options.pool[mine]]
        count = np.bincount(here, minlength=1)
        for premises in np.argsort(-count, kind="stable")[:PREMISES].tolist():
            if clock.stopped() or clock.placed_long_enough():
                return
            option_of = so_far()
            if option_of[person] >= 0 or not count[premises]:
                break
            which = np.union1d(mine[here == premises], _others(model, option_of, premises))
            found = search.look(which, weights, {}, option_of, bound, nodes, alone=True)
            if found.option_of is not None:
                yield found.option_of


def _others(model: Model, option_of: Ints, premises: int) -> Ints:
    """What those who are at the premises could have there on the days on which they come."""
    options, of_pool = model.options, model.gains.pool_premises
    there = np.flatnonzero(option_of >= 0)
    there = there[of_pool[options.pool[option_of[there]]] == premises]
    found = [np.zeros(0, dtype=np.int64)]
    for party in there.tolist():
        which = options.every(party)
        same_day = options.arrival[which] == options.arrival[option_of[party]]
        found.append(which[same_day & (of_pool[options.pool[which]] == premises)])
    return np.concatenate(found)

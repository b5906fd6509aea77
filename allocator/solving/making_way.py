"""Making way: somebody is put in a place of chance, and whoever is in the way is found another.

Up to three people make way for one, whatever is in the way: beds, a room, people kept apart, caps.
Each of them has the best place that is open then, or none where the plan is better for it. What
makes the plan worse is taken back; what leaves it as good is kept, so that others find room later.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.clock import Clock
from allocator.solving.compiled.chance import ways_tried
from allocator.solving.compiled.worths import worths_of
from allocator.solving.model import Model
from allocator.solving.order import order_of

Ints = npt.NDArray[np.int64]
AT_ONCE = 2_000
"""Tries between two looks at the clock."""
IDLE = 50


def made_way(
    model: Model,
    option_of: Ints,
    tries: int,
    random: np.random.Generator,
    clock: Clock,
    *,
    held: Collection[int] = (),
) -> Ints:
    """A lawful choice at least as good as this lawful one.

    `tries`: for each party, on average. `held`: levels that stay as they are. It ends as well
    when so many tries in a row as there are parties, `IDLE` times over, gave nothing better.
    """
    assignment = Assignment(model.stock, model.options, model.parties, model.limits)
    assignment.add_all(option_of[option_of >= 0])
    ground, seats, worths = assignment.ground, assignment.seats, worths_of(order_of(model, held))
    dice = random.integers(1, 2**63, size=1, dtype=np.uint64)
    parties = np.flatnonzero(np.diff(model.options.first_of) > 0)
    left, idle = tries * len(parties), 0
    while left > 0 and idle < IDLE * len(parties):
        if clock.stopped() or clock.changed_places_long_enough():
            break
        some = min(AT_ONCE, left)
        better = ways_tried(ground, seats, worths, parties, dice, some)
        left, idle = left - some, 0 if better else idle + some
    return assignment.option_of

"""Making way: somebody is put in a place of chance, and whoever is in the way is found another.

Up to three people make way for one, whatever is in the way: beds, a room, people kept apart, caps.
Each of them has the best place that is open then, or none where the plan is better for it. What
makes the plan worse is taken back; what leaves it as good is kept, so that others find room later.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from allocator.solving.clock import Clock
from allocator.solving.compiled.chance import ways_tried
from allocator.solving.places import Places

AT_ONCE = 2_000
"""Tries between two looks at the clock."""
IDLE = 50
"""Tries for each party in a row without a better plan, after which it ends."""


def make_way(
    places: Places,
    tries: int,
    random: np.random.Generator,
    clock: Clock,
    enough: Callable[[], bool],
) -> None:
    """Make a lawful choice better, or leave it as good.

    `tries`: for each party, on average. It ends before when `IDLE` tries for each in a row gave
    nothing better, by the clock, or by what is asked whether it is enough.
    """
    dice = random.integers(1, 2**63, size=1, dtype=np.uint64)
    first_of = places.assignment.options.first_of
    parties = np.flatnonzero(np.diff(first_of) > 0)
    left, idle = tries * len(parties), 0
    while left > 0 and idle < IDLE * len(parties):
        if clock.stopped() or enough():
            break
        some = min(AT_ONCE, left)
        better = ways_tried(places.ground, places.seats, places.worths, parties, dice, some)
        left, idle = left - some, 0 if better else idle + some

"""Descent: people change places, one or two at a time, while that makes the plan better.

Someone moves to the best place that is open to them. Where a better one is taken by one other
person, that person is looked for another place too. What a change gives and takes is compared
in the policy's order, exactly. It takes seconds where programmes take minutes, and ends where no
such change is found among the best places of each: what needs three people to move at once it does
not see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.clock import Clock
from allocator.solving.compiled.exchange import no_looks, some_moved
from allocator.solving.compiled.worths import worths_of
from allocator.solving.model import Model
from allocator.solving.order import order_of

Ints = npt.NDArray[np.int64]
AT_ONCE = 50
"""People looked at between two looks at the clock."""


def descended(
    model: Model,
    option_of: Ints,
    wishes: int,
    clock: Clock,
    *,
    held: Collection[int] = (),
    who: Iterable[int] | None = None,
) -> Ints:
    """A lawful choice at least as good as this lawful one.

    `wishes`: taken places of each person, the best first, of which it is asked whether their holder
    can move. `held`: levels that stay as they are. `who`: the parties that look for a better
    place, first come first; None: the people of each band, the highest first.
    """
    assignment = Assignment(model.stock, model.options, model.parties, model.limits)
    assignment.add_all(option_of[option_of >= 0])
    ground, seats, worths = assignment.ground, assignment.seats, worths_of(order_of(model, held))
    looks = no_looks(len(model.parties), len(model.stock.pools), wishes)
    people = np.array(by_band(model) if who is None else list(who), dtype=np.int64)
    moved = True
    while moved:
        moved = False
        for first in range(0, len(people), AT_ONCE):
            if clock.stopped():
                return assignment.option_of
            some = people[first : first + AT_ONCE]
            moved |= some_moved(ground, seats, worths, looks, some)
    return assignment.option_of


def by_band(model: Model) -> list[int]:
    """People who ask for a bed, the highest band first and the earliest of each."""
    parties = model.parties
    return sorted(
        (k for k, party in enumerate(parties) if party.is_new),
        key=lambda k: (parties[k].band, parties[k].first, k),
    )

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

from allocator.solving.clock import Clock
from allocator.solving.compiled.exchange import no_looks, some_moved
from allocator.solving.model import Model
from allocator.solving.places import Places, places_of

Ints = npt.NDArray[np.int64]
AT_ONCE = 200
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
    """A lawful choice at least as good as this lawful one: see `descend`."""
    places = places_of(model, option_of, held)
    descend(places, wishes, clock, by_band(model) if who is None else who)
    return places.option_of


def descend(places: Places, wishes: int, clock: Clock, who: Iterable[int]) -> None:
    """Let parties change places until none of them finds a better one, or the time is up.

    `wishes`: taken places of each, the best first, of which it is asked whether their holder can
    move. `who`: the parties that look for a better place, first come first.
    """
    people = np.array(list(who), dtype=np.int64)
    looks = no_looks(*places.size, wishes)
    moved = True
    while moved:
        moved = False
        for first in range(0, len(people), AT_ONCE):
            if clock.stopped():
                return
            some = people[first : first + AT_ONCE]
            moved |= some_moved(places.ground, places.seats, places.worths, looks, some)


def by_band(model: Model) -> list[int]:
    """People who ask for a bed, the highest band first and the earliest of each."""
    parties = model.parties
    return sorted(
        (k for k, party in enumerate(parties) if party.is_new),
        key=lambda k: (parties[k].band, parties[k].first, k),
    )

"""Futures: people who may yet be referred, drawn from a forecast before the year begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from allocator.coming import Coming, Demand
from allocator.simulate.asker import Asker, asker
from allocator.simulate.ground import Ground
from allocator.solving.fluid import Stream, fluid_prices
from allocator.streams import Streams

MOST_NOTICE = 240
"""Days from referral to release after which few more are to come."""
LEAST_DAYS = 28
FIRST_NUMBER = 1_000_000
"""People of futures are numbered from here, so that they are nobody on the real board."""


@dataclass(frozen=True, slots=True)
class Future:
    """One way it may go: people in order of the day they are referred."""

    referred: tuple[int, ...]
    people: tuple[Asker, ...]
    nights_slept: tuple[int, ...]

    def after(self, today: int, released_before: int) -> list[Asker]:
        """Those referred after the day and released before another."""
        return [
            person
            for person in self.people[bisect_right(self.referred, today) :]
            if today < person.release < released_before
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Futures:
    """Several of them, alike in chance and drawn apart."""

    prices: npt.NDArray[np.float64]
    """What a night in each bed is worth to people who may come; zeros when nobody was drawn."""
    each: tuple[Future, ...] = ()


def draw(
    demand: Demand,
    count: int,
    streams: Streams,
    first: date,
    until: date,
    ground: Ground,
) -> Futures:
    """`count` futures of people referred from `first` to the day before `until`."""
    found = []
    for n in range(count):
        people = demand.people(streams.family(f"future/{n}"), first, until)
        start = FIRST_NUMBER * (n + 1)
        found.append(_future([p for p in people if _comes(p)], start, ground))
    return Futures(bed_prices(found, ground), tuple(found))


def bed_prices(futures: Sequence[Future], ground: Ground) -> npt.NDArray[np.float64]:
    """Worth of a night in each bed, if the futures' people came at steady rates.

    Zeros without futures. Beds of one place have one price. Days before the longest notice has
    passed are left out: those who are released on them had been referred before the futures begin.
    """
    released = [person.release for future in futures for person in future.people]
    first, end = MOST_NOTICE, max(released, default=0) - MOST_NOTICE
    if end - first < LEAST_DAYS:
        return np.zeros(len(ground.beds))
    people = [
        Stream(
            ground.policy.band_weights[person.band - 1],
            nights,
            tuple(np.unique(ground.place_of[person.beds]).tolist()),
        )
        for future in futures
        for person, nights in zip(future.people, future.nights_slept, strict=True)
        if first <= person.release < end
    ]
    usable = ground.usable[:, first:end].sum(axis=1) * ground.takes_people
    capacity = np.zeros(int(ground.place_of.max()) + 1)
    np.add.at(capacity, ground.place_of, usable * float(len(futures)))
    return fluid_prices(people, capacity)[ground.place_of]


def _comes(person: Coming) -> bool:
    return person.arrives and person.withdrawn_on is None


def _future(people: list[Coming], start: int, ground: Ground) -> Future:
    return Future(
        tuple(ground.day(person.referred_on) for person in people),
        tuple(
            asker(start + n, person.referral, ground, ground.policy)
            for n, person in enumerate(people)
        ),
        tuple(person.nights for person in people),
    )

"""Futures: people who may yet be referred, drawn from a forecast before the year begins."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from allocator.coming import Coming, Demand
from allocator.simulate.asker import Asker, asker
from allocator.simulate.ground import Ground
from allocator.streams import Streams

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


@dataclass(frozen=True, slots=True)
class Futures:
    """Several of them, alike in chance and drawn apart."""

    each: tuple[Future, ...] = ()


def draw(
    demand: Demand, count: int, streams: Streams, first: date, until: date, ground: Ground
) -> Futures:
    """`count` futures of people referred from `first` to the day before `until`."""
    found = []
    for n in range(count):
        people = demand.people(streams.family(f"future/{n}"), first, until)
        start = FIRST_NUMBER * (n + 1)
        found.append(_future([p for p in people if _comes(p)], start, ground))
    return Futures(tuple(found))


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

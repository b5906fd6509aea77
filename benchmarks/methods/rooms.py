"""Rows for rooms of several beds: nobody beside someone who may not share on that night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations

from benchmarks.methods.choices import Person
from benchmarks.methods.pools import Columns
from benchmarks.methods.situation import Situation

Row = tuple[list[tuple[int, float]], float]
Test = Callable[[Person, int], bool]
"""Whether a person counts on a night."""


def room_rows(
    situation: Situation, people: list[Person], columns: Columns, pools: list[list[int]]
) -> Iterator[Row]:
    """For each two beds of a room and night: at most one of those who may not be there together."""
    in_bed: dict[int, list[int]] = defaultdict(list)
    for n, pool in enumerate(columns.pool):
        in_bed[pools[pool][0]].append(n)
    today = situation.problem.as_of.toordinal()
    for beds in situation.problem.beds_in_room.values():
        indices = [situation.bed_index[bed.id] for bed in beds]
        for one, other in permutations(indices, 2):
            for these, those in _pairs(situation, today):
                yield from _rows(people, columns, in_bed[one], in_bed[other], these, those)


def _pairs(situation: Situation, today: int) -> Iterator[tuple[Test, Test]]:
    """Who may not be beside whom: two bookings are a fact, so one of the two asks for a bed."""

    def unshared(person: Person, night: int) -> bool:
        return person.last_shared is None or night + today > person.last_shared

    yield lambda p, n: p.referral is not None and unshared(p, n), lambda p, n: True
    yield lambda p, n: p.booking is not None and unshared(p, n), lambda p, n: p.referral is not None
    for pair in situation.policy.never_share:
        first, last = min(pair), max(pair)
        yield partial(_asks_and_has, first), partial(_has, last)
        yield partial(_asks_and_has, last), partial(_has, first)


def _has(attribute: str, person: Person, night: int) -> bool:
    return attribute in person.attributes


def _asks_and_has(attribute: str, person: Person, night: int) -> bool:
    return person.referral is not None and attribute in person.attributes


def _rows(
    people: list[Person],
    columns: Columns,
    one: list[int],
    other: list[int],
    these: Test,
    those: Test,
) -> Iterator[Row]:
    """At most one of `these` asleep in one bed and `those` in the other, where it matters."""

    def counts(n: int, night: int, test: Test) -> bool:
        asleep = columns.day[n] <= night < columns.end[n]
        return asleep and test(_who(people, columns, n), night)

    for night in sorted(_nights(people, columns, one + other)):
        here = [n for n in one if counts(n, night, these)]
        there = [n for n in other if counts(n, night, those)]
        if here and there:
            yield [(n, 1.0) for n in here + there], 1.0


def _nights(people: list[Person], columns: Columns, members: list[int]) -> set[int]:
    """Nights on which someone may arrive, or on which an assessment has run out."""
    nights = {columns.day[n] for n in members}
    for n in members:
        last = _who(people, columns, n).last_shared
        if last is not None:
            nights |= {columns.end[n] - 1}
    return nights


def _who(people: list[Person], columns: Columns, n: int) -> Person:
    return people[columns.person[n]]

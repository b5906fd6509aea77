"""Limits for rooms of several beds: nobody beside someone who may not share on that night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations

from benchmarks.methods.choices import Person
from benchmarks.methods.pools import Columns
from benchmarks.methods.situation import Situation

Spell = tuple[int, int, int]
"""A column, and the first night and the night after the last on which it counts."""


def room_limits(
    situation: Situation, people: list[Person], columns: Columns, pools: list[list[int]]
) -> Iterator[list[Spell]]:
    """Spells of which at most one may hold on any night, for each two beds of a room.

    Two bookings together are a fact, so one of the two always asks for a bed.
    """
    in_bed: dict[int, list[int]] = defaultdict(list)
    for n, pool in enumerate(columns.pool):
        in_bed[pools[pool][0]].append(n)
    today = situation.problem.as_of.toordinal()
    for beds in situation.problem.beds_in_room.values():
        indices = [situation.bed_index[bed.id] for bed in beds]
        for one, other in permutations(indices, 2):
            here = [(n, people[columns.person[n]]) for n in in_bed[one]]
            there = [(n, people[columns.person[n]]) for n in in_bed[other]]
            for asking in (True, False):
                unshared = [
                    spell
                    for n, person in here
                    if (person.referral is not None) == asking
                    and (spell := _unshared(columns, n, person, today)) is not None
                ]
                beside = [_whole(columns, n) for n, p in there if asking or p.referral is not None]
                yield from _both(unshared, beside)
            for pair in situation.policy.never_share:
                for a, b in ((min(pair), max(pair)), (max(pair), min(pair))):
                    these = [
                        _whole(columns, n) for n, p in here if p.referral and a in p.attributes
                    ]
                    those = [_whole(columns, n) for n, p in there if b in p.attributes]
                    yield from _both(these, those)


def _both(one: list[Spell], other: list[Spell]) -> Iterator[list[Spell]]:
    if one and other:
        yield one + other


def _whole(columns: Columns, n: int) -> Spell:
    return n, columns.day[n], columns.end[n]


def _unshared(columns: Columns, n: int, person: Person, today: int) -> Spell | None:
    """The nights of the stay on which the person may not share, if there are any."""
    first = columns.day[n]
    if person.last_shared is not None:
        first = max(first, person.last_shared + 1 - today)
    return (n, first, columns.end[n]) if first < columns.end[n] else None

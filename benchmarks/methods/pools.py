"""Pools: beds of one premises that nothing tells apart, and the columns of people in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocator.rules.place import Place, place_of
from benchmarks.methods.choices import Person, gains
from benchmarks.methods.situation import Situation

Whole = NDArray[np.int64]


@dataclass(slots=True)
class Columns:
    """Choices side by side: `person` and `pool` are positions in their lists."""

    person: list[int] = field(default_factory=list)
    pool: list[int] = field(default_factory=list)
    day: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    gain: dict[str, list[tuple[Whole, Whole]]] = field(default_factory=lambda: defaultdict(list))
    """Columns and their amounts, by level."""


def pools_of(situation: Situation) -> list[list[int]]:
    """Beds grouped so that any of a group will do: alike, alone in the room, free from a day on.

    A bed that is taken again later, or that shares its room, is a pool by itself. In the others
    stays can always be given beds from left to right, so counting them is enough.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    for bed, code in enumerate(situation.beds):
        place = place_of(code, situation.problem)
        alike = place.only_bed and _is_free_from_a_day_on(situation.free[bed])
        key: object = _key(place) if alike else bed
        groups[key].append(bed)
    return list(groups.values())


def columns_of(situation: Situation, people: list[Person], pools: list[list[int]]) -> Columns:
    """One column for each person, pool and day that some bed of the pool allows."""
    pool_of = np.zeros(len(situation.beds), dtype=np.int64)
    for number, beds in enumerate(pools):
        pool_of[beds] = number
    columns = Columns()
    for number, person in enumerate(people):
        code_of = pool_of[person.beds] * (situation.nights + 1) + person.days
        codes, choices = np.unique(code_of, return_index=True)
        these = np.arange(len(columns.person), len(columns.person) + len(codes))
        for code, amounts in gains(situation, person).items():
            columns.gain[code].append((these, amounts[choices]))
        days = codes % (situation.nights + 1)
        columns.person += [number] * len(codes)
        columns.pool += (codes // (situation.nights + 1)).tolist()
        columns.day += days.tolist()
        columns.end += (days + person.nights).tolist()
    return columns


def give_beds(
    situation: Situation, pool: list[int], stays: Iterable[tuple[int, int, str]]
) -> dict[str, tuple[int, int]]:
    """Bed and day by person: from left to right, the bed that has been idle the shortest."""
    empty = {bed: situation.free[bed].copy() for bed in pool}
    found = {}
    for day, end, person in sorted(stays):
        fitting = [bed for bed in pool if empty[bed][day:end].all()]
        bed = min(fitting, key=lambda b: (_idle_before(empty[b], day), b))
        empty[bed][day:end] = False
        found[person] = (bed, day)
    return found


def _key(place: Place) -> tuple[str, frozenset[str]]:
    return place.premises.id, frozenset(place.room)


def _is_free_from_a_day_on(free: NDArray[np.bool_]) -> bool:
    """Whether, once free, the bed stays free."""
    return not (free[:-1] & ~free[1:]).any()


def _idle_before(empty: NDArray[np.bool_], day: int) -> int:
    taken = np.flatnonzero(~empty[:day])
    return day - (int(taken[-1]) + 1 if len(taken) else 0)

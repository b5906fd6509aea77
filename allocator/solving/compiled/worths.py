"""Worths: what options add to the levels, as few numbers that compare as the policy orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from allocator.solving.compiled.ground import NOTHING, Flags, Ground, Ints
from allocator.solving.compiled.kept import compiled
from allocator.solving.compiled.packed import Kind, Packed, packs
from allocator.solving.order import Order


class Worths(NamedTuple):
    """The gains of an order, number by number: its `held` first, which no change may touch."""

    held: int
    party: Ints
    """party[number, party]; so is the next but one."""
    pair: Ints
    """pair[number, pair of party and pool]."""
    slope: Ints
    premises: Ints
    """Where a party is looked for; NOTHING: nowhere."""
    day: Ints
    exactly: Ints
    """exactly[number]: what it counts for that a party is just there on just that day."""
    best_first: npt.NDArray[np.int32]
    """Options of each party, those of highest worth first; once it is `ranked`."""
    ranked: Flags
    """Of each party."""


class WorthsKind(Kind):
    """The compiled type of `Worths`."""


class PackedWorths(Packed):
    """`Worths`, as compiled functions take it."""


packs(Worths, PackedWorths, WorthsKind)


@compiled
def packed_worths(worths: Worths) -> Worths:
    """The arrays themselves, not copies; by the same names."""
    return PackedWorths(*worths)  # type: ignore[return-value, no-untyped-call]


def worths_of(order: Order) -> Worths:
    """The arrays of an order's gains."""
    model, gains = order.model, (*order.held, *order.blends)
    parties = len(model.parties)
    shape = len(gains), parties
    pair = np.zeros((len(gains), len(model.options.pairs.pool)), dtype=np.int64)
    slope, exactly = np.zeros(shape, dtype=np.int64), np.zeros(len(gains), dtype=np.int64)
    premises, day = (np.full(parties, NOTHING, dtype=np.int64) for _ in range(2))
    for k, gain in enumerate(gains):
        if gain.by_pair is not None:
            pair[k] = gain.by_pair
        if gain.slope is not None:
            slope[k] = gain.slope
        if gain.exact:
            exactly[k] = gain.exactly
            for party, (there, then) in gain.exact.items():
                premises[party], day[party] = there, then
    return packed_worths(
        Worths(
            held=len(order.held),
            party=np.array([gain.party for gain in gains], dtype=np.int64).reshape(shape),
            pair=pair,
            slope=slope,
            premises=premises,
            day=day,
            exactly=exactly,
            best_first=np.zeros(len(model.options), dtype=np.int32),
            ranked=np.zeros(parties, dtype=np.bool_),
        )
    )


@compiled
def worth(ground: Ground, worths: Worths, number: int, option: int) -> int:
    """What one option adds, in one number."""
    party, pool, day = ground.party[option], ground.pool[option], ground.arrival[option]
    found = worths.party[number, party] + worths.pair[number, ground.pair[option]]
    found += worths.slope[number, party] * day
    if worths.premises[party] == ground.premises[pool] and worths.day[party] == day:
        found += worths.exactly[number]
    return int(found)


@compiled
def take(ground: Ground, worths: Worths, option: int, sign: int, into: Ints) -> None:
    """Add what an option adds, so many times; nothing where it is none."""
    if option != NOTHING:
        for number in range(len(into)):
            into[number] += sign * worth(ground, worths, number, option)


@compiled
def rank(ground: Ground, worths: Worths, party: int) -> None:
    """Put a party's options in order, the first of equals first: merged, two runs at a time."""
    start, number = ground.first_of[party], ground.first_of[party + 1] - ground.first_of[party]
    keys = np.zeros((number, len(worths.exactly)), dtype=np.int64)
    for k in range(number):
        take(ground, worths, start + k, 1, keys[k])
    ones, others = np.arange(number), np.zeros(number, dtype=np.int64)
    width = 1
    while width < number:
        for first in range(0, number, 2 * width):
            middle, end = min(first + width, number), min(first + 2 * width, number)
            one, other = first, middle
            for k in range(first, end):
                later = one == middle or (
                    other < end and better(keys[ones[other]], keys[ones[one]])
                )
                others[k] = ones[other] if later else ones[one]
                other += later
                one += not later
        ones, others = others, ones
        width *= 2
    for k in range(number):
        worths.best_first[start + k] = start + ones[k]
    worths.ranked[party] = True


@compiled
def better(one: Ints, other: Ints) -> bool:
    """Whether one option's worth, number by number, is more than another's."""
    for number in range(len(one)):
        if one[number] != other[number]:
            return bool(one[number] > other[number])
    return False


@compiled
def above(ground: Ground, worths: Worths, party: int, least: Ints) -> tuple[int, int]:
    """Where, in `best_first`, those of the party's options are that are worth more than this, with
    what is held the same."""
    if not worths.ranked[party]:
        rank(ground, worths, party)
    start, stop = ground.first_of[party], ground.first_of[party + 1]
    first = below(ground, worths, start, stop, least, worths.held)
    return first, below(ground, worths, first, stop, least, len(least))


@compiled
def below(ground: Ground, worths: Worths, first: int, end: int, least: Ints, numbers: int) -> int:
    """Where in that stretch of `best_first` those begin that are worth no more than this in so many
    numbers."""
    while first < end:
        middle = (first + end) // 2
        option, more = int(worths.best_first[middle]), False
        for number in range(numbers):
            found = worth(ground, worths, number, option)
            if found != least[number]:
                more = found > least[number]
                break
        if more:
            first = middle + 1
        else:
            end = middle
    return int(first)


@compiled
def gained(change: Ints, held: int) -> int:
    """1: better, with what is held the same; 0: all the same; -1 else."""
    for number in range(len(change)):
        if change[number] != 0:
            return 1 if change[number] > 0 and number >= held else -1
    return 0

"""Exchange: one person moves to a better place, or two change places, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from allocator.solving.compiled.ground import NOTHING, Ground, Ints, Seats
from allocator.solving.compiled.kept import compiled
from allocator.solving.compiled.packed import Kind, Packed, packs
from allocator.solving.compiled.seating import add, end_of, fits, lawful, remove
from allocator.solving.compiled.worths import Worths, above, gained, take

FEW = 64
"""People of whom it is asked, for one place, whether they can move."""


class Looks(NamedTuple):
    """Who was looked at, and what has changed since."""

    changes: Ints
    """How many there were: one number."""
    changed: Ints
    """Of each pool: the number of the last change there."""
    when: Ints
    """Of each party: how many changes there were when it was looked at; NOTHING: never."""
    pools: Ints
    """pools[party, wish]: where it would rather be."""


class LooksKind(Kind):
    """The compiled type of `Looks`."""


class PackedLooks(Packed):
    """`Looks`, as compiled functions take it."""


packs(Looks, PackedLooks, LooksKind)


@compiled
def packed_looks(looks: Looks) -> Looks:
    """The arrays themselves, not copies; by the same names."""
    return PackedLooks(*looks)  # type: ignore[return-value, no-untyped-call]


def no_looks(parties: int, pools: int, wishes: int) -> Looks:
    """Nobody was looked at."""
    return packed_looks(
        Looks(
            changes=np.zeros(1, dtype=np.int64),
            changed=np.zeros(pools, dtype=np.int64),
            when=np.full(parties, NOTHING, dtype=np.int64),
            pools=np.full((parties, wishes), NOTHING, dtype=np.int64),
        )
    )


@compiled
def best_place(ground: Ground, seats: Seats, worths: Worths, party: int, least: Ints) -> int:
    """The party's open option of highest worth, where there is one above `least`; that is set to
    what it adds."""
    first, end = above(ground, worths, party, least)
    for k in range(first, end):
        option = int(worths.best_first[k])
        if fits(ground, seats, option) and lawful(ground, seats, option):
            least[:] = 0
            take(ground, worths, option, 1, least)
            return option
    return NOTHING


@compiled
def note(ground: Ground, looks: Looks, option: int) -> None:
    """Something has changed for good where the option is."""
    if option != NOTHING:
        looks.changed[ground.pool[option]] = looks.changes[0]


@compiled
def in_the_way(ground: Ground, seats: Seats, option: int) -> Ints:
    """Who has, on all nights on which the pool is full, a bed of it that the option needs."""
    pool, first, last = int(ground.pool[option]), NOTHING, NOTHING
    for night in range(ground.arrival[option], end_of(ground, option)):
        if seats.free[pool, night] <= 0:
            first = night if first == NOTHING else first
            last = night
    found, number = np.zeros(FEW, dtype=np.int64), 0
    other = seats.head[pool]
    while first != NOTHING and other != NOTHING and number < FEW:
        theirs = seats.option_of[other]
        if ground.arrival[theirs] <= first and last < end_of(ground, theirs):
            found[number] = other
            number += 1
        other = seats.after[other]
    return found[:number]


@compiled
def exchanged(
    ground: Ground, seats: Seats, worths: Worths, looks: Looks, wish: int, rank: Ints
) -> bool:
    """Give a party its wish, and the one who has it another place, if that is better.

    `rank`: what the party had added. The other may lose less than the party gains.
    """
    for other in in_the_way(ground, seats, wish):
        theirs = int(seats.option_of[other])
        least = rank.copy()
        take(ground, worths, theirs, 1, least)
        take(ground, worths, wish, -1, least)
        remove(ground, seats, other)
        if fits(ground, seats, wish) and lawful(ground, seats, wish):
            add(ground, seats, wish)
            nothing = gained(-least, worths.held)
            place = best_place(ground, seats, worths, other, least)
            if place != NOTHING:
                add(ground, seats, place)
            if place != NOTHING or nothing > 0:
                looks.changes[0] += 1
                note(ground, looks, theirs)
                note(ground, looks, place)
                return True
            remove(ground, seats, int(ground.party[wish]))
        add(ground, seats, theirs)
    return False


@compiled
def moved(ground: Ground, seats: Seats, worths: Worths, looks: Looks, party: int) -> bool:
    """Give the party the best place that can be had; whether that is another one."""
    had = int(seats.option_of[party])
    rank = np.zeros(len(worths.exactly), dtype=np.int64)
    take(ground, worths, had, 1, rank)
    if had != NOTHING:
        remove(ground, seats, party)
    now = best_place(ground, seats, worths, party, rank)
    now = had if now == NOTHING else now
    first, end = above(ground, worths, party, rank)
    end = min(end, first + looks.pools.shape[1])
    looks.when[party] = looks.changes[0]
    looks.pools[party, :] = NOTHING
    for k in range(first, end):
        looks.pools[party, k - first] = ground.pool[worths.best_first[k]]
    for k in range(first, end):
        wish = int(worths.best_first[k])
        if exchanged(ground, seats, worths, looks, wish, rank):
            note(ground, looks, had)
            note(ground, looks, wish)
            return True
    if now != NOTHING:
        add(ground, seats, now)
    if now != had:
        looks.changes[0] += 1
        note(ground, looks, had)
        note(ground, looks, now)
    return now != had


@compiled
def worth_a_look(looks: Looks, party: int) -> bool:
    """Whether something has changed where the party would rather be."""
    if looks.when[party] == NOTHING:
        return True
    for pool in looks.pools[party]:
        if pool != NOTHING and looks.changed[pool] > looks.when[party]:
            return True
    return False


@compiled
def some_moved(ground: Ground, seats: Seats, worths: Worths, looks: Looks, parties: Ints) -> bool:
    """Look at these parties in turn; whether any has another place than before."""
    found = False
    for party in parties:
        if worth_a_look(looks, party):
            found |= moved(ground, seats, worths, looks, party)
    return found

"""Chance: somebody is put in some place, and whoever is in the way is found another; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from allocator.solving.compiled.exchange import best_place
from allocator.solving.compiled.ground import NOTHING, Ground, Ints, Seats
from allocator.solving.compiled.kept import compiled
from allocator.solving.compiled.seating import (
    add,
    alone_from,
    apart_kept,
    end_of,
    fits,
    lawful,
    may_share,
    remove,
)
from allocator.solving.compiled.worths import Worths, above, gained, take

MOST = 3
"""People who make way for one."""
ASKED = 8
"""People drawn, every other time, until one has no place."""


class Away(NamedTuple):
    """Who was taken out of their places, in order."""

    number: Ints
    """How many: one number."""
    party: Ints
    option: Ints
    """What each had."""


@compiled
def drawn(dice: npt.NDArray[np.uint64], below: int) -> int:
    """A number of chance (G. Marsaglia, Xorshift RNGs, J. Stat. Software 8(14), 2003)."""
    dice[0] ^= dice[0] << np.uint64(13)
    dice[0] ^= dice[0] >> np.uint64(7)
    dice[0] ^= dice[0] << np.uint64(17)
    return int((dice[0] >> np.uint64(11)) % np.uint64(below))


@compiled
def take_away(ground: Ground, seats: Seats, away: Away, party: int) -> bool:
    """Take somebody out of their place; False when that would be one too many, or nobody."""
    number = away.number[0]
    if party == NOTHING or number == len(away.party):
        return False
    away.party[number] = party
    away.option[number] = remove(ground, seats, party)
    away.number[0] += 1
    return True


@compiled
def one_there(
    ground: Ground,
    seats: Seats,
    pools: Ints,
    day: int,
    limit: int,
    dice: npt.NDArray[np.uint64],
) -> int:
    """One of those in the pools on the day, by chance; with a limit, one whom it counts then."""
    found, number = NOTHING, 0
    for pool in pools:
        other = seats.head[pool]
        while other != NOTHING:
            theirs = seats.option_of[other]
            there = ground.arrival[theirs] <= day < end_of(ground, theirs)
            if limit != NOTHING:
                there &= ground.weight[limit, other] > 0
                there &= not ground.on_arrival[limit] or ground.arrival[theirs] == day
            if there:
                number += 1
                if drawn(dice, number) == 0:
                    found = int(other)
            other = seats.after[other]
    return found


@compiled
def room_made(
    ground: Ground, seats: Seats, option: int, away: Away, dice: npt.NDArray[np.uint64]
) -> bool:
    """Take away who may not be in the room with the option's party, and who is one too many."""
    party, pool, first = (
        int(ground.party[option]),
        int(ground.pool[option]),
        int(ground.arrival[option]),
    )
    room, end = ground.room[pool], end_of(ground, option)
    pools = ground.pools_in.items[ground.pools_in.first[room] : ground.pools_in.first[room + 1]]
    for there in pools:
        other = seats.head[there]
        while other != NOTHING:
            after, theirs = seats.after[other], seats.option_of[other]
            night = min(end, end_of(ground, theirs)) - 1
            if (
                max(first, ground.arrival[theirs]) <= night
                and not may_share(ground, party, other, ground.premises[pool], night)
                and not take_away(ground, seats, away, other)
            ):
                return False
            other = after
    limit, alone = ground.limit_in[room], alone_from(ground, party, pool)
    for night in range(first, end):
        need = ground.beds_in[room] if night >= alone else 1
        while ground.nights[limit, night] - seats.used[limit, night] < need:
            other = one_there(ground, seats, pools, night, NOTHING, dice)
            if not take_away(ground, seats, away, other):
                return False
    return True


@compiled
def way_made(
    ground: Ground, seats: Seats, option: int, away: Away, dice: npt.NDArray[np.uint64]
) -> bool:
    """Take away who is in the way of an option, by chance where there is a choice; whether it is
    open then."""
    party, pool, first = (
        int(ground.party[option]),
        int(ground.pool[option]),
        int(ground.arrival[option]),
    )
    end, only = end_of(ground, option), np.array([pool], dtype=np.int64)
    for night in range(first, end):
        while seats.free[pool, night] <= 0:
            other = one_there(ground, seats, only, night, NOTHING, dice)
            if not take_away(ground, seats, away, other):
                return False
    if ground.room[pool] != NOTHING and not room_made(ground, seats, option, away, dice):
        return False
    for k in range(ground.apart.first[party], ground.apart.first[party + 1]):
        other = ground.apart.items[k]
        if (
            seats.option_of[other] != NOTHING
            and not apart_kept(ground, seats, option)
            and not take_away(ground, seats, away, other)
        ):
            return False
    for k in range(ground.limits_there.first[pool], ground.limits_there.first[pool + 1]):
        limit = ground.limits_there.items[k]
        weight = ground.weight[limit, party]
        if weight == 0 or ground.sole[limit] > 1:
            continue
        pools = ground.pools_of.items[
            ground.pools_of.first[limit] : ground.pools_of.first[limit + 1]
        ]
        for day in range(first, first + 1 if ground.on_arrival[limit] else end):
            while seats.used[limit, day] + weight > ground.nights[limit, day]:
                other = one_there(ground, seats, pools, day, limit, dice)
                if not take_away(ground, seats, away, other):
                    return False
    return fits(ground, seats, option) and lawful(ground, seats, option)


@compiled
def someone(
    ground: Ground, seats: Seats, parties: Ints, dice: npt.NDArray[np.uint64], without: bool
) -> int:
    """One of the parties, by chance; rather one who has no place, if so wished."""
    party = parties[drawn(dice, len(parties))]
    for _ in range(ASKED if without else 0):
        if seats.option_of[party] == NOTHING:
            break
        party = parties[drawn(dice, len(parties))]
    return int(party)


@compiled
def way_tried(
    ground: Ground,
    seats: Seats,
    worths: Worths,
    party: int,
    away: Away,
    dice: npt.NDArray[np.uint64],
) -> int:
    """Put a party in a place of chance, every other time a better one than it has, where the plan
    is no worse then: 1 if it is better, 0 if as good, -1 if all is as it was."""
    had = int(seats.option_of[party])
    change = np.zeros(len(worths.exactly), dtype=np.int64)
    take(ground, worths, had, 1, change)
    first, end = above(ground, worths, party, change)
    if first == end or drawn(dice, 2) == 0:
        first, end = ground.first_of[party], ground.first_of[party + 1]
    option = int(worths.best_first[first + drawn(dice, end - first)])
    if option == had:
        return -1
    change = -change
    away.number[0] = 0
    if had != NOTHING:
        remove(ground, seats, party)
    outcome, placed = -1, 0
    open_now = way_made(ground, seats, option, away, dice)
    if open_now:
        add(ground, seats, option)
        take(ground, worths, option, 1, change)
        for k in range(away.number[0]):
            least = np.zeros(len(change), dtype=np.int64)
            place = best_place(ground, seats, worths, away.party[k], least)
            if place != NOTHING:
                add(ground, seats, place)
            take(ground, worths, away.option[k], -1, change)
            take(ground, worths, place, 1, change)
            placed += 1
        outcome = gained(change, worths.held)
    if outcome >= 0:
        return outcome
    for k in range(placed):
        if seats.option_of[away.party[k]] != NOTHING:
            remove(ground, seats, away.party[k])
    if open_now:
        remove(ground, seats, party)
    for k in range(away.number[0]):
        add(ground, seats, away.option[k])
    if had != NOTHING:
        add(ground, seats, had)
    return -1


@compiled
def ways_tried(
    ground: Ground,
    seats: Seats,
    worths: Worths,
    parties: Ints,
    dice: npt.NDArray[np.uint64],
    times: int,
) -> int:
    """Try so many times; how often the plan became better."""
    away = Away(
        np.zeros(1, dtype=np.int64), np.zeros(MOST, dtype=np.int64), np.zeros(MOST, dtype=np.int64)
    )
    better = 0
    for k in range(times):
        party = someone(ground, seats, parties, dice, k % 2 == 1)
        better += way_tried(ground, seats, worths, party, away, dice) == 1
    return better

"""Seating: options given and taken away, what would fit, and what is lawful; compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.solving.compiled.ground import NOTHING, Flags, Ground, Ints, Seats
from allocator.solving.compiled.kept import compiled
from allocator.solving.parties import ALWAYS


@compiled
def end_of(ground: Ground, option: int) -> int:
    """Departure day."""
    return int(ground.arrival[option] + ground.nights_of[ground.party[option]])


@compiled
def alone_from(ground: Ground, party: int, pool: int) -> int:
    """The first day from which the party keeps a room of the pool to itself."""
    if ground.home[party] == ground.premises[pool]:
        return ALWAYS
    return int(ground.share_until[party]) + 1


@compiled
def fits(ground: Ground, seats: Seats, option: int) -> bool:
    """Whether a bed is free on every night, and a room for someone who may not share one."""
    pool, first = int(ground.pool[option]), int(ground.arrival[option])
    end = end_of(ground, option)
    if seats.full[pool, end] != seats.full[pool, first]:
        return False
    if ground.room[pool] == NOTHING:
        return True
    alone = min(max(alone_from(ground, ground.party[option], pool), first), end)
    return bool(seats.lived_in[pool, end] == seats.lived_in[pool, alone])


@compiled
def within(ground: Ground, seats: Seats, limit: int, option: int) -> bool:
    """Whether one limit lets the option be added."""
    party, pool, first = (
        int(ground.party[option]),
        int(ground.pool[option]),
        int(ground.arrival[option]),
    )
    weight = ground.weight[limit, party]
    if weight == 0:
        return True
    end = first + 1 if ground.on_arrival[limit] else end_of(ground, option)
    alone = end
    if ground.sole[limit] > 1:
        alone = min(max(alone_from(ground, party, pool), first), end)
    for day in range(first, alone):
        if seats.used[limit, day] + weight > ground.nights[limit, day]:
            return False
    sole = weight * ground.sole[limit]
    for day in range(alone, end):
        if seats.used[limit, day] + sole > ground.nights[limit, day]:
            return False
    return True


@compiled
def apart_kept(ground: Ground, seats: Seats, option: int) -> bool:
    """Whether those who are kept apart would be."""
    party, first = int(ground.party[option]), int(ground.arrival[option])
    here, end = ground.premises[ground.pool[option]], end_of(ground, option)
    for k in range(ground.apart.first[party], ground.apart.first[party + 1]):
        theirs = seats.option_of[ground.apart.items[k]]
        if (
            theirs != NOTHING
            and ground.arrival[theirs] < end
            and first < end_of(ground, theirs)
            and ground.near[ground.radius.items[k], here, ground.premises[ground.pool[theirs]]]
        ):
            return False
    return True


@compiled
def may_share(ground: Ground, one: int, other: int, premises: int, night: int) -> bool:
    """Whether two parties may be in one room of the premises on the night."""
    if ground.home[one] == premises and ground.home[other] == premises:
        return True
    return bool(
        night <= ground.share_until[one]
        and night <= ground.share_until[other]
        and not ground.barred[one] & ground.has[other]
    )


@compiled
def roommates_kept(ground: Ground, seats: Seats, option: int) -> bool:
    """Whether everyone in the room may share it with whom the option would bring."""
    party, pool, first = (
        int(ground.party[option]),
        int(ground.pool[option]),
        int(ground.arrival[option]),
    )
    room, end = ground.room[pool], end_of(ground, option)
    if room == NOTHING:
        return True
    for k in range(ground.pools_in.first[room], ground.pools_in.first[room + 1]):
        other = seats.head[ground.pools_in.items[k]]
        while other != NOTHING:
            theirs = seats.option_of[other]
            night = min(end, end_of(ground, theirs)) - 1
            if max(first, ground.arrival[theirs]) <= night and not may_share(
                ground, party, other, ground.premises[pool], night
            ):
                return False
            other = seats.after[other]
    return True


@compiled
def lawful(ground: Ground, seats: Seats, option: int) -> bool:
    """Whether the limits let the option be added, beds aside."""
    pool, party = int(ground.pool[option]), int(ground.party[option])
    for k in range(ground.limits_there.first[pool], ground.limits_there.first[pool + 1]):
        if not within(ground, seats, ground.limits_there.items[k], option):
            return False
    for k in range(ground.limits_of.first[party], ground.limits_of.first[party + 1]):
        if not within(ground, seats, ground.limits_of.items[k], option):
            return False
    return apart_kept(ground, seats, option) and roommates_kept(ground, seats, option)


@compiled
def use(ground: Ground, seats: Seats, limit: int, option: int, sign: int) -> None:
    """Count the option in a limit, or no longer."""
    party, pool, first = (
        int(ground.party[option]),
        int(ground.pool[option]),
        int(ground.arrival[option]),
    )
    weight = ground.weight[limit, party] * sign
    if weight == 0:
        return
    end = first + 1 if ground.on_arrival[limit] else end_of(ground, option)
    alone = end
    if ground.sole[limit] > 1:
        alone = min(max(alone_from(ground, party, pool), first), end)
    for day in range(first, alone):
        seats.used[limit, day] += weight
    for day in range(alone, end):
        seats.used[limit, day] += weight * ground.sole[limit]


@compiled
def change(ground: Ground, seats: Seats, option: int, sign: int) -> None:
    """Take a bed for the option, or give it back."""
    pool, party = int(ground.pool[option]), int(ground.party[option])
    for day in range(ground.arrival[option], end_of(ground, option)):
        seats.free[pool, day] -= sign
    for k in range(ground.limits_there.first[pool], ground.limits_there.first[pool + 1]):
        use(ground, seats, ground.limits_there.items[k], option, sign)
    for k in range(ground.limits_of.first[party], ground.limits_of.first[party + 1]):
        use(ground, seats, ground.limits_of.items[k], option, sign)
    count(ground, seats, pool)


@compiled
def count(ground: Ground, seats: Seats, changed: int) -> None:
    """Count anew where there is no bed, in the pool and those of the same room."""
    room = ground.room[changed]
    days = seats.free.shape[1]
    if room == NOTHING:
        for day in range(days):
            over = seats.free[changed, day] <= 0
            seats.full[changed, day + 1] = seats.full[changed, day] + over
        return
    limit, beds = ground.limit_in[room], ground.beds_in[room]
    for k in range(ground.pools_in.first[room], ground.pools_in.first[room + 1]):
        pool = ground.pools_in.items[k]
        for day in range(days):
            left = ground.nights[limit, day] - seats.used[limit, day]
            over = seats.free[pool, day] <= 0 or left < 1
            seats.full[pool, day + 1] = seats.full[pool, day] + over
            seats.lived_in[pool, day + 1] = seats.lived_in[pool, day] + (left < beds)


@compiled
def add(ground: Ground, seats: Seats, option: int) -> None:
    """Give the option to its party, which must have none."""
    change(ground, seats, option, 1)
    pool, party = int(ground.pool[option]), int(ground.party[option])
    seats.option_of[party] = option
    follower = seats.head[pool]
    seats.after[party], seats.before[party] = follower, NOTHING
    if follower != NOTHING:
        seats.before[follower] = party
    seats.head[pool] = party


@compiled
def remove(ground: Ground, seats: Seats, party: int) -> int:
    """Take the party's option away, and say which it was."""
    option = int(seats.option_of[party])
    change(ground, seats, option, -1)
    seats.option_of[party] = NOTHING
    before, after = seats.before[party], seats.after[party]
    if before == NOTHING:
        seats.head[ground.pool[option]] = after
    else:
        seats.after[before] = after
    if after != NOTHING:
        seats.before[after] = before
    seats.after[party] = seats.before[party] = NOTHING
    return option


@compiled
def count_all(ground: Ground, seats: Seats) -> None:
    """Count where there is no bed, everywhere."""
    for pool in range(len(ground.premises)):
        count(ground, seats, pool)


@compiled
def add_all(ground: Ground, seats: Seats, options: Ints) -> None:
    """Give each option to its party, none of which has one."""
    for option in options:
        add(ground, seats, option)


@compiled
def which_fit(ground: Ground, seats: Seats, options: Ints, law: bool) -> Flags:
    """Which of the options fit, and with `law` are lawful too."""
    found = np.zeros(len(options), dtype=np.bool_)
    for k, option in enumerate(options):
        found[k] = fits(ground, seats, option) and (not law or lawful(ground, seats, option))
    return found


@compiled
def best_open(ground: Ground, seats: Seats, party: int, worth: npt.NDArray[np.float64]) -> int:
    """The party's option of highest worth of those that fit and are lawful; the first of equals.

    `worth` has one figure for each of the party's options.
    """
    found, best = NOTHING, -np.inf
    first = ground.first_of[party]
    for k in range(len(worth)):
        option = first + k
        if worth[k] > best and fits(ground, seats, option) and lawful(ground, seats, option):
            found, best = option, worth[k]
    return found

"""Ground: a model as plain arrays, and who has what on it, for what is compiled to read.

Days, options, parties, pools, premises, rooms and limits are known by their numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from allocator.solving.compiled.kept import compiled
from allocator.solving.compiled.packed import Kind, Packed, packs
from allocator.solving.limit import Limit
from allocator.solving.limits import Limits
from allocator.solving.options import Options
from allocator.solving.parties import Party
from allocator.solving.stock import Stock

NOTHING = -1
Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


class Lists(NamedTuple):
    """Lists of whole numbers end to end: that of k is `items[first[k]:first[k + 1]]`."""

    first: Ints
    items: Ints


class Ground(NamedTuple):
    """What stays the same while beds are given out."""

    party: Int32s
    """Of each option; so are the next three."""
    pool: Int32s
    pair: Int32s
    arrival: npt.NDArray[np.int16]
    first_of: Ints
    """Where each party's options begin; one longer than the parties."""
    nights_of: Ints
    """Of each party; so are the next seven."""
    home: Ints
    """Premises of a booking."""
    share_until: Ints
    has: Ints
    """Attributes, a bit each."""
    barred: Ints
    """Attributes of those who may not be in one room with the party, a bit each."""
    apart: Lists
    """Who is kept apart from the party."""
    radius: Lists
    """How far: for each of `apart`, a number of `near`."""
    limits_of: Lists
    """Limits that hold for the party whatever the pool."""
    near: Flags
    """near[radius, premises, premises]."""
    premises: Ints
    """Of each pool; so are the next two."""
    room: Ints
    """The shared room, or NOTHING."""
    limits_there: Lists
    pools_in: Lists
    """Of each shared room; so are the next two."""
    limit_in: Ints
    beds_in: Ints
    nights: Int32s
    """nights[limit, day]: what the limit allows."""
    weight: npt.NDArray[np.int8]
    """weight[limit, party]."""
    on_arrival: Flags
    """Of each limit; so are the next two."""
    sole: Ints
    pools_of: Lists


class Seats(NamedTuple):
    """Who has which option, and what that leaves; changed in place."""

    option_of: Ints
    free: Int32s
    """free[pool, night]: beds."""
    used: Int32s
    """used[limit, day]."""
    head: Ints
    """One party of each pool; `after` leads to the others, `before` back."""
    after: Ints
    before: Ints
    full: Int32s
    """full[pool, day]: nights before the day on which the pool has no bed for anybody."""
    lived_in: Int32s
    """lived_in[pool, day]: nights before it on which its shared room has none for someone alone."""


class GroundKind(Kind):
    """The compiled type of `Ground`."""


class PackedGround(Packed):
    """`Ground`, as compiled functions take it."""


packs(Ground, PackedGround, GroundKind)


@compiled
def packed_ground(ground: Ground) -> Ground:
    """The arrays themselves, not copies; by the same names."""
    return PackedGround(*ground)  # type: ignore[return-value, no-untyped-call]


class SeatsKind(Kind):
    """The compiled type of `Seats`."""


class PackedSeats(Packed):
    """`Seats`, as compiled functions take it."""


packs(Seats, PackedSeats, SeatsKind)


@compiled
def packed_seats(seats: Seats) -> Seats:
    """The arrays themselves, not copies; by the same names."""
    return PackedSeats(*seats)  # type: ignore[return-value, no-untyped-call]


def ground_of(stock: Stock, options: Options, parties: Sequence[Party], limits: Limits) -> Ground:
    """The arrays of a model's parts."""
    every = limits.every
    number = {premises.id: k for k, premises in enumerate(limits.problem.premises)}
    rooms = {room: k for k, room in enumerate(sorted(limits.premises.pools_in))}
    limit_in = {limit.key: k for k, limit in enumerate(every) if limit.kind == "room"}
    names = sorted({name for party in parties for name in party.attributes})
    bit = {name: 1 << k for k, name in enumerate(names)}
    apart, radius, near = _apart(limits, len(parties), number)
    pools_of = [_pools(limit) for limit in every]
    return Ground(
        party=options.party,
        pool=options.pool,
        pair=options.pair_of,
        arrival=options.arrival,
        first_of=options.first_of,
        nights_of=_ints(p.nights for p in parties),
        home=_ints(number[p.booking.premises_id] if p.booking else NOTHING for p in parties),
        share_until=_ints(p.share_until for p in parties),
        has=_ints(sum(bit[name] for name in p.attributes) for p in parties),
        barred=_ints(sum(bit.get(name, 0) for name in _barred(p, limits)) for p in parties),
        apart=apart,
        radius=radius,
        limits_of=_turned([_people(limit) for limit in every], len(parties)),
        near=near,
        premises=_ints(number[pool.premises_id] for pool in stock.pools),
        room=_ints(NOTHING if p.room_id is None else rooms[p.room_id] for p in stock.pools),
        limits_there=_turned(pools_of, len(stock.pools)),
        pools_in=_lists([limits.premises.pools_in[room] for room in rooms]),
        limit_in=_ints(limit_in[room] for room in rooms),
        beds_in=_ints(every[limit_in[room]].sole for room in rooms),
        nights=_rows([limit.nights for limit in every], stock.days, np.int32),
        weight=_rows([limit.terms[0].parties for limit in every], len(parties), np.int8),
        on_arrival=np.array([limit.on_arrival for limit in every], dtype=np.bool_),
        sole=_ints(limit.sole for limit in every),
        pools_of=_lists(pools_of),
    )


def empty_seats(ground: Ground, stock: Stock) -> Seats:
    """Nobody has anything; where there is no bed to begin with is still to be counted."""
    parties, pools, days = len(ground.nights_of), len(stock.pools), stock.days
    return Seats(
        option_of=np.full(parties, NOTHING, dtype=np.int64),
        free=stock.capacity.astype(np.int32),
        used=np.zeros(ground.nights.shape, dtype=np.int32),
        head=np.full(pools, NOTHING, dtype=np.int64),
        after=np.full(parties, NOTHING, dtype=np.int64),
        before=np.full(parties, NOTHING, dtype=np.int64),
        full=np.zeros((pools, days + 1), dtype=np.int32),
        lived_in=np.zeros((pools, days + 1), dtype=np.int32),
    )


def _barred(party: Party, limits: Limits) -> set[str]:
    """Attributes of those who may not be in one room with the party."""
    found: set[str] = set()
    for pair in limits.policy.never_share:
        if pair & party.attributes:
            # A pair of one attribute with itself has one name.
            found |= pair - party.attributes if len(pair - party.attributes) else pair
    return found


def _apart(limits: Limits, parties: int, number: dict[str, int]) -> tuple[Lists, Lists, Flags]:
    """Who is kept apart from each party, how far, and which premises are that near."""
    radii = sorted(
        {radius for _, _, radius in limits.pairs}, key=lambda r: -1.0 if r is None else r
    )
    near = np.zeros((len(radii), len(number), len(number)), dtype=np.bool_)
    for k, radius in enumerate(radii):
        for name, here in number.items():
            near[k, here, [number[other] for other in limits.premises.near(name, radius)]] = True
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b, radius in limits.pairs:
        found[a].append((b, radii.index(radius)))
        found[b].append((a, radii.index(radius)))
    of = [found.get(party, []) for party in range(parties)]
    others = _lists([[other for other, _ in row] for row in of])
    return others, _lists([[radius for _, radius in row] for row in of]), near


def _pools(limit: Limit) -> list[int]:
    """The pools of a limit that is about some of them."""
    return [] if limit.kind == "person" else np.flatnonzero(limit.terms[0].pools).tolist()


def _people(limit: Limit) -> list[int]:
    """The parties of a limit that holds wherever they are."""
    return np.flatnonzero(limit.terms[0].parties).tolist() if limit.kind == "person" else []


def _turned(rows: Sequence[Sequence[int]], number: int) -> Lists:
    """For each number in the rows, the rows that have it."""
    found: list[list[int]] = [[] for _ in range(number)]
    for k, row in enumerate(rows):
        for item in row:
            found[item].append(k)
    return _lists(found)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _lists(rows: Sequence[Sequence[int]]) -> Lists:
    return Lists(
        _ints([0, *np.cumsum([len(row) for row in rows])]),
        _ints(item for row in rows for item in row),
    )


def _rows(rows: Sequence[npt.NDArray[Any]], width: int, kind: type[Any]) -> npt.NDArray[Any]:
    return np.array(rows, dtype=kind).reshape(len(rows), width)

"""Assignment: an option for each party, or none, kept lawful at every step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from allocator.solving.limit import Limit
from allocator.solving.limits import Limits
from allocator.solving.options import Options
from allocator.solving.parties import Party
from allocator.solving.stock import Stock

NOTHING = -1
Ints = npt.NDArray[np.int64]


class Assignment:
    """Who has which option. `add` never lets a limit be broken; `fitting` says what would fit."""

    def __init__(
        self, stock: Stock, options: Options, parties: Sequence[Party], limits: Limits
    ) -> None:
        self.stock, self.options, self.parties, self.limits = stock, options, parties, limits
        self.option_of = np.full(len(parties), NOTHING, dtype=np.int64)
        self.free = stock.capacity.astype(np.int64).copy()
        self._used = {id(limit): np.zeros(stock.days, dtype=np.int64) for limit in limits.standing}
        self._used |= {id(limit): np.zeros(stock.days, dtype=np.int64) for limit in limits.people}
        self._of_pool: dict[int, list[Limit]] = defaultdict(list)
        for limit in limits.standing:
            for pool in np.flatnonzero(limit.terms[0].pools):
                self._of_pool[int(pool)].append(limit)
        self._of_party: dict[int, list[Limit]] = defaultdict(list)
        for limit in limits.people:
            for party in np.flatnonzero(limit.terms[0].parties):
                self._of_party[int(party)].append(limit)
        self._apart: dict[int, list[tuple[int, float | None]]] = defaultdict(list)
        for a, b, radius in limits.pairs:
            self._apart[a].append((b, radius))
            self._apart[b].append((a, radius))
        self._in_room: dict[str, set[int]] = defaultdict(set)
        self._room_of = {
            pool: limit
            for pool, of_pool in self._of_pool.items()
            for limit in of_pool
            if limit.kind == "room"
        }
        self._shared = np.zeros(len(stock.pools), dtype=bool)
        self._shared[list(self._room_of)] = True
        number_of = {premises.id: k for k, premises in enumerate(limits.problem.premises)}
        self._premises = np.array([number_of[p.premises_id] for p in stock.pools], dtype=np.int64)
        self._home = np.array(
            [number_of[p.booking.premises_id] if p.booking else NOTHING for p in parties],
            dtype=np.int64,
        )
        self._share_until = np.array([p.share_until for p in parties], dtype=np.int64)
        self._full = np.zeros((len(stock.pools), stock.days + 1), dtype=np.int64)
        """Nights before each day on which a pool has no bed for anybody."""
        self._lived_in = np.zeros_like(self._full)
        """Nights before each day on which a pool in a shared room has none for someone alone."""
        for number in range(len(stock.pools)):
            self._count(number)

    def fitting(self, party: int) -> Ints:
        """The party's options with a bed and a room on every night; other limits are not asked."""
        return self.with_a_bed(self.options.every(party))

    def with_a_bed(self, which: Ints) -> Ints:
        """Those of the options for which a bed is free on every night, and a room for those who
        may not share one."""
        options = self.options
        pool, arrival, end = options.pool[which], options.arrival[which], options.ends(which)
        fits = self._full[pool, end] == self._full[pool, arrival]
        inside = np.flatnonzero(fits & self._shared[pool])
        party, pool = options.party[which[inside]], pool[inside]
        arrival, end = arrival[inside], end[inside]
        at_home = self._home[party] == self._premises[pool]
        alone = np.where(at_home, end, np.clip(self._share_until[party] + 1, arrival, end))
        fits[inside] = self._lived_in[pool, end] == self._lived_in[pool, alone]
        return np.asarray(which[fits])

    def bed_free(self, option: int) -> bool:
        """Whether a bed of the option's pool is free on all its nights."""
        pool, arrival, end = self._nights(option)
        return bool(self._full[pool, end] == self._full[pool, arrival])

    def lawful(self, option: int) -> bool:
        """Whether the limits let the option be added, beds aside."""
        party = int(self.options.party[option])
        pool, arrival, end = self._nights(option)
        for limit in (*self._of_pool.get(pool, ()), *self._of_party.get(party, ())):
            days, weights = limit.nightly(party, pool, arrival, end)
            over = self._used[id(limit)][days] + weights > limit.nights[days]
            if (over & (weights > 0)).any():
                return False
        return self._apart_kept(party, pool, arrival, end) and self._roommates_kept(
            party, pool, arrival, end
        )

    def _apart_kept(self, party: int, pool: int, arrival: int, end: int) -> bool:
        premises = self.stock.pools[pool].premises_id
        for other, radius in self._apart.get(party, ()):
            theirs = int(self.option_of[other])
            if theirs == NOTHING:
                continue
            their_pool, first, last = self._nights(theirs)
            if first < end and arrival < last:
                there = self.stock.pools[their_pool].premises_id
                if there in self.limits.premises.near(premises, radius):
                    return False
        return True

    def _roommates_kept(self, party: int, pool: int, arrival: int, end: int) -> bool:
        room = self.stock.pools[pool].room_id
        if room is None:
            return True
        for other in self._in_room[room]:
            _, first, last = self._nights(int(self.option_of[other]))
            night = min(end, last) - 1
            if max(arrival, first) <= night and not self.limits.may_share(
                party, other, room, night
            ):
                return False
        return True

    def add(self, option: int) -> None:
        """Give the option to its party, which must have none."""
        self._change(option, 1)
        party = int(self.options.party[option])
        self.option_of[party] = option
        room = self.stock.pools[int(self.options.pool[option])].room_id
        if room is not None:
            self._in_room[room].add(party)

    def remove(self, party: int) -> int:
        """Take the party's option away, and say which it was."""
        option = int(self.option_of[party])
        self._change(option, -1)
        self.option_of[party] = NOTHING
        room = self.stock.pools[int(self.options.pool[option])].room_id
        if room is not None:
            self._in_room[room].discard(party)
        return option

    def _change(self, option: int, sign: int) -> None:
        party = int(self.options.party[option])
        pool, arrival, end = self._nights(option)
        self.free[pool, arrival:end] -= sign
        for limit in (*self._of_pool.get(pool, ()), *self._of_party.get(party, ())):
            days, weights = limit.nightly(party, pool, arrival, end)
            self._used[id(limit)][days] += sign * weights
        self._count(pool)

    def _count(self, changed: int) -> None:
        """Count anew where there is no bed, in the pool and those of the same room."""
        room = self._room_of.get(changed)
        if room is None:
            self._full[changed, 1:] = np.cumsum(self.free[changed] <= 0)
            return
        left = room.nights - self._used[id(room)]
        for pool in np.flatnonzero(room.pools):
            self._full[pool, 1:] = np.cumsum((self.free[pool] <= 0) | (left < 1))
            self._lived_in[pool, 1:] = np.cumsum(left < room.sole)

    def _nights(self, option: int) -> tuple[int, int, int]:
        arrival = int(self.options.arrival[option])
        party = int(self.options.party[option])
        return int(self.options.pool[option]), arrival, arrival + int(self.options.nights_of[party])

    def place(self, party: int, worth: npt.NDArray[np.float64]) -> bool:
        """Give the party its fitting, lawful option of highest worth; False if there is none.

        `worth` has one figure for each of the party's options.
        """
        options = self.fitting(party)
        worths = worth[options - int(self.options.first_of[party])]
        for option in _best_first(options, worths):
            if self.lawful(option):
                self.add(option)
                return True
        return False


def _best_first(options: Ints, worth: npt.NDArray[np.float64]) -> Iterator[int]:
    """The options by worth; they are put in order only when the best of all will not do."""
    if len(options):
        yield int(options[np.argmax(worth)])
        yield from options[np.argsort(-worth, kind="stable")[1:]].tolist()

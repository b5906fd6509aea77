"""Assignment: an option for each party, or none, kept lawful at every step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

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
        self._full = np.zeros((len(stock.pools), stock.days + 1), dtype=np.int64)
        self._full[:, 1:] = np.cumsum(self.free <= 0, axis=1)
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

    def fitting(self, party: int) -> Ints:
        """The party's options for which a bed is free on every night; limits are not asked yet."""
        span = self.options.of(party)
        return self.with_a_bed(np.arange(span.start, span.stop, dtype=np.int64))

    def with_a_bed(self, which: Ints) -> Ints:
        """Those of the options for which a bed is free on every night."""
        pool, arrival = self.options.pool[which], self.options.arrival[which]
        fits = self._full[pool, self.options.ends(which)] == self._full[pool, arrival]
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
        self._full[pool, 1:] = np.cumsum(self.free[pool] <= 0)
        for limit in (*self._of_pool.get(pool, ()), *self._of_party.get(party, ())):
            days, weights = limit.nightly(party, pool, arrival, end)
            self._used[id(limit)][days] += sign * weights

    def _nights(self, option: int) -> tuple[int, int, int]:
        arrival = int(self.options.arrival[option])
        party = int(self.options.party[option])
        return int(self.options.pool[option]), arrival, arrival + int(self.options.nights_of[party])

    def place(self, party: int, worth: npt.NDArray[np.float64]) -> bool:
        """Give the party its fitting, lawful option of highest worth; False if there is none.

        `worth` has one figure for each of the party's options.
        """
        options = self.fitting(party)
        first = int(self.options.first_of[party])
        for option in options[np.argsort(-worth[options - first], kind="stable")]:
            if self.lawful(int(option)):
                self.add(int(option))
                return True
        return False

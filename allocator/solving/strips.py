"""Strips: options of one person in one pool on arrivals day after day, priced at once.

A stay's price is the fall of a running sum, so the cheapest arrival of a strip is the least of
neighbours in a table by pool and day: ten million options cost what their strips cost.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain
from allocator.solving.model import Model
from allocator.solving.prices import Prices, so_far, worths_of
from allocator.solving.rooms_alone import KeptEmpty

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Strips:
    """The options `which`, in order, cut into strips."""

    def __init__(self, model: Model, which: Ints) -> None:
        self.model, self.which = model, which
        options = model.options
        party, pool, day = options.party[which], options.pool[which], options.arrival[which]
        new = np.ones(len(which), dtype=bool)
        new[1:] = (party[1:] != party[:-1]) | (pool[1:] != pool[:-1]) | (day[1:] != day[:-1] + 1)
        self._head = np.flatnonzero(new)
        self.party = party[self._head]
        self._pool = pool[self._head]
        self._pair = options.pair_of[which[self._head]]
        self._first = day[self._head].astype(np.int64)
        self._count = np.diff(np.append(self._head, len(which)))
        self._last_asked: tuple[Ints, tuple[Ints, Ints, KeptEmpty]] | None = None
        self._first_of = np.searchsorted(self.party, np.arange(len(model.parties) + 1))

    def __len__(self) -> int:
        return len(self._head)

    def number(self, strips: Flags) -> int:
        """How many options these strips have."""
        return int(self._count[strips].sum())

    def options(self, strips: Ints) -> tuple[Ints, Ints]:
        """The options of these strips, one strip after another; where each strip begins."""
        count = self._count[strips]
        begin = np.cumsum(count) - count
        where = np.repeat(self._head[strips] - begin, count) + np.arange(int(count.sum()))
        return self.which[where], begin

    def worths(self, gain: Gain, prices: Prices) -> npt.NDArray[Any]:
        """The most that an option of each strip is worth at these prices, with this gain."""
        found: npt.NDArray[Any] = gain.party[self.party].astype(prices.beds.dtype)
        if gain.by_pair is not None:
            found += gain.by_pair[self._pair]
        if prices.beds.any() or gain.slope is not None:
            self._add_stays(found, gain, prices)
        odd = self._odd(gain, prices)
        if len(odd):
            which, begin, empty = self._asked(odd)
            worth = worths_of(self.model, gain, prices, which, empty)
            found[odd] = np.maximum.reduceat(worth, begin)
        return found

    def _add_stays(self, found: npt.NDArray[Any], gain: Gain, prices: Prices) -> None:
        """Add to each strip what its best arrival gains, and what that stay's nights cost."""
        sums = so_far(prices)
        slope = np.zeros(len(gain.party)) if gain.slope is None else gain.slope
        one = self._of_one
        who, pool, day = self.party[one], self._pool[one], self._first[one]
        end = day + self.model.options.nights_of[who]
        added = sums[pool, day] - sums[pool, end] + slope[who] * day
        found[one] += added.astype(found.dtype)
        for nights, strips in self._by_nights:
            table = sums[:, :-nights] - sums[:, nights:]
            steepness = slope[self.party[strips]]
            for each in np.unique(steepness).tolist():
                mine = strips[steepness == each]
                days = (each * np.arange(table.shape[1])).astype(table.dtype)
                found[mine] += self._greatest(table + days, mine)

    def best_of_each(self, worth: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The most that each party's strips are worth, 0 where none is worth anything."""
        best = np.zeros(len(self.model.parties), dtype=worth.dtype)
        able = np.flatnonzero(np.diff(self._first_of) > 0)
        if len(able):
            best[able] = np.maximum(0, np.maximum.reduceat(worth, self._first_of[able]))
        return best

    def _greatest(self, table: npt.NDArray[Any], strips: Ints) -> npt.NDArray[Any]:
        """The greatest entry of the table in each strip: of two runs of 2^n days that cover it."""
        pool, first, count = self._pool[strips], self._first[strips], self._count[strips]
        power = np.frexp(count.astype(np.float64))[1] - 1
        found = np.zeros(len(strips), dtype=table.dtype)
        for n in range(int(power.max(initial=-1)) + 1):
            here = np.flatnonzero(power == n)
            one, other = first[here], first[here] + count[here] - 2**n
            found[here] = np.maximum(table[pool[here], one], table[pool[here], other])
            table = np.maximum(table[:, : -(2**n)], table[:, 2**n :])
        return found

    def _odd(self, gain: Gain, prices: Prices) -> Ints:
        """Strips whose options do not all pay and add alike: these are asked one by one."""
        odd = self._keeping_empty.copy() if prices.beds.any() else np.zeros(len(self), dtype=bool)
        for number in prices.limits:
            odd |= self.model.limits.every[number].ordinary(self.party, self._pool) > 0
        if gain.exact:
            kept = np.zeros(len(self.model.parties), dtype=bool)
            kept[list(gain.exact)] = True
            odd |= kept[self.party]
        return np.flatnonzero(odd)

    def _asked(self, odd: Ints) -> tuple[Ints, Ints, KeptEmpty]:
        """The options of odd strips, where each strip begins, and what they keep empty."""
        asked = self._last_asked
        # Read and set as one: another thread may ask the same strips for others.
        if asked is None or not np.array_equal(asked[0], odd):
            which, begin = self.options(odd)
            asked = odd, (which, begin, self.model.alone.kept_empty(which))
            self._last_asked = asked
        return asked[1]

    @cached_property
    def _keeping_empty(self) -> Flags:
        """Strips with an option that keeps other beds of a room empty."""
        keeps = np.zeros(len(self.model.options), dtype=bool)
        keeps[self.model.alone.by_all.taker] = True
        return np.asarray(np.logical_or.reduceat(keeps[self.which], self._head), dtype=bool)

    @cached_property
    def _of_one(self) -> Ints:
        """Strips of one option."""
        return np.flatnonzero(self._count == 1)

    @cached_property
    def _by_nights(self) -> list[tuple[int, Ints]]:
        """Strips of more than one option, by length of stay."""
        nights = self.model.options.nights_of[self.party]
        longer = self._count > 1
        return [(int(n), np.flatnonzero(longer & (nights == n))) for n in np.unique(nights[longer])]

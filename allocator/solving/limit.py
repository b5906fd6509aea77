"""Limit: one plan rule at one place, as rows that a solver can hold.

A limit says, for each night (or each day of arrival): the weights of the options taken that touch
it add up to no more than its capacity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.solving.options import Options

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Term:
    """Parties (with a weight each) in pools; both as dense arrays."""

    parties: npt.NDArray[np.int8]
    pools: Flags


@dataclass(frozen=True, eq=False, slots=True)
class Limit:
    """One rule at one place: `kind` and `key` as a certificate names them.

    `sole`: in a room, what someone who may not share on the night weighs; their term says 1.
    """

    kind: str
    key: str
    nights: Ints
    terms: tuple[Term, ...]
    on_arrival: bool = False
    sole: int = 1
    share_until: npt.NDArray[np.int32] | None = None

    def capacity(self, day: int) -> int:
        """What is left for options on the day."""
        return int(self.nights[day])

    def concerns(self, parties: Flags) -> bool:
        """Whether any of the parties has a weight here."""
        return any(bool((term.parties > 0)[parties].any()) for term in self.terms)

    def less(self, used: Ints) -> Limit:
        """The same limit with so much of it used already on each day."""
        return replace(self, nights=np.maximum(0, self.nights - used))

    def each_day(self, options: Options, chosen: npt.NDArray[np.int64]) -> Callable[[int], Ints]:
        """Weight of each chosen option, by day."""
        who, arrival, ends = options.party[chosen], options.arrival[chosen], options.ends(chosen)
        ordinary = self.ordinary(who, options.pool[chosen])

        def on(day: int) -> Ints:
            touches = arrival == day if self.on_arrival else (arrival <= day) & (day < ends)
            total = ordinary
            if self.share_until is not None:
                total = np.where(day > self.share_until[who], total * self.sole, total)
            return np.asarray(total * touches)

        return on

    @property
    def pools(self) -> Flags:
        """Whether any of its terms is about the pool."""
        mask: Flags = np.logical_or.reduce([term.pools for term in self.terms])
        return mask

    def ordinary(self, who: npt.NDArray[np.int32], pool: npt.NDArray[np.int32]) -> Ints:
        """Weights of options of these parties in these pools, on nights when they may share."""
        total = np.zeros(len(who), dtype=np.int64)
        for term in self.terms:
            total += term.parties[who] * term.pools[pool]
        return total

    def cost(self, price: npt.NDArray[Any], options: Options, chosen: Ints) -> npt.NDArray[Any]:
        """What options pay at a price for each day, in the price's own numbers.

        Not for limits on sharing: who sleeps alone pays for beds (`RoomsAlone`).
        """
        weight = self.ordinary(options.party[chosen], options.pool[chosen])
        arrival = options.arrival[chosen]
        if self.on_arrival:
            return np.asarray(weight * price[arrival])
        so_far = np.concatenate([np.zeros(1, dtype=price.dtype), np.cumsum(price)])
        return np.asarray(weight * (so_far[options.ends(chosen)] - so_far[arrival]))

    def usage(
        self, options: Options, chosen: npt.NDArray[np.int64], values: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Weight on every day when option chosen[k] is taken values[k] times."""
        days = len(self.nights)
        who = options.party[chosen]
        weight = self.ordinary(who, options.pool[chosen])
        live = (weight > 0) & (values > 1e-9)
        used = np.zeros(days + 1)
        if not live.any():
            return used[:days]
        arrival = options.arrival[chosen][live].astype(np.int64)
        if self.on_arrival:
            np.add.at(used, arrival, weight[live] * values[live])
            return used[:days]
        departure = options.ends(chosen[live]).astype(np.int64)
        amount = weight[live] * values[live]
        np.add.at(used, arrival, amount)
        np.add.at(used, departure, -amount)
        if self.share_until is not None and self.sole > 1:
            alone = np.clip(self.share_until[who[live]] + 1, arrival, departure)
            np.add.at(used, alone, amount * (self.sole - 1))
            np.add.at(used, departure, -amount * (self.sole - 1))
        return np.cumsum(used)[:days]

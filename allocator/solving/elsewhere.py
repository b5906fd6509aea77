"""Elsewhere: the most that options could be worth that are not listed, where not all are.

What is listed of a great many options is what is near; a bound must hold for the rest as well. So
it is asked of every pool that the rules about need and estate leave open, as if nothing about the
person's own map, a hold or a limit stood in the way: that can only be more than there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.solving.aims import Gain
from allocator.solving.parties import Party
from allocator.solving.stock import Stock

Ints = npt.NDArray[np.int64]
BEYOND = 2**60
"""More than any stay costs."""


class Elsewhere:
    """New people by what they need and for how long, and the pools that are open to that."""

    def __init__(self, candidates: Candidates, stock: Stock, parties: Sequence[Party]) -> None:
        place = np.array([pool.place for pool in stock.pools], dtype=np.int64)
        self._free_from = np.array([min(run.first for run in pool.runs) for pool in stock.pools])
        self._free_until = np.array([pool.end for pool in stock.pools])
        alike: dict[tuple[int, tuple[object, ...]], list[int]] = defaultdict(list)
        for index, party in enumerate(parties):
            if party.referral is not None and party.is_new:
                alike[party.nights, candidates.need(party.referral)].append(index)
        self._alike: dict[int, list[tuple[Ints, list[int]]]] = defaultdict(list)
        for (nights, _), who in alike.items():
            some = parties[who[0]].referral
            assert some is not None
            self._alike[nights].append((np.flatnonzero(candidates.open_to(some)[place]), who))
        self._window = np.array([(party.first, party.last + 1) for party in parties])
        self._free_of_cost = self._least(np.zeros((len(place), stock.days + 1), dtype=np.int64))

    def best_of_each(self, gain: Gain, sums: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """No option of each party's anywhere is worth more; no less than 0.

        `sums`: by pool, what the nights before each day cost together.
        """
        add = gain.party.astype(sums.dtype)
        if gain.elsewhere is not None:
            add += gain.elsewhere.astype(sums.dtype)
        add[list(gain.exact or {})] += gain.exactly
        slope = np.zeros(len(add)) if gain.slope is None else gain.slope
        found = np.zeros(len(add), dtype=sums.dtype)
        days = np.arange(sums.shape[1])
        for who, first, least in self._least(sums) if sums.any() else self._free_of_cost:
            for one in who:
                arrive, leave = self._window[one]
                worth = slope[one] * days[arrive:leave] - least[arrive - first : leave - first]
                found[one] = max(found[one], add[one] + worth.max().astype(sums.dtype))
        return found

    def _least(self, sums: npt.NDArray[Any]) -> list[tuple[list[int], int, npt.NDArray[Any]]]:
        """Of those who are alike: what their cheapest stay costs, by arrival from some day on."""
        days, found = np.arange(sums.shape[1]), []
        for nights, groups in self._alike.items():
            costs = np.full(sums.shape, BEYOND, dtype=sums.dtype)
            costs[:, :-nights] = sums[:, nights:] - sums[:, :-nights]
            costs[days < self._free_from[:, None]] = BEYOND
            costs[days + nights > self._free_until[:, None]] = BEYOND
            for pools, who in groups:
                first, end = int(self._window[who, 0].min()), int(self._window[who, 1].max())
                found.append((who, first, costs[pools, first:end].min(axis=0, initial=BEYOND)))
        return found

"""Rooms kept to oneself: who may not share keeps the other beds of a shared room empty.

So the stay of such a person takes, on every night on which they may not share, every bed of the
room that is free to begin with: in the relaxation's flow of idle beds, and in what the stay pays
at prices on beds. Rule: docs/model.md#room_sharing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator.solving.limit import Limit
from allocator.solving.options import Options
from allocator.solving.stock import Run, Stock

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class KeptEmpty:
    """Beds kept empty: by which of the options asked about, in which pool, on which nights."""

    taker: Ints
    pool: Ints
    first: Ints
    end: Ints


class RoomsAlone:
    """The shared rooms of a stock, and the runs of free nights that each has."""

    def __init__(self, limits: Sequence[Limit], stock: Stock, options: Options) -> None:
        self._options = options
        self._room_of = np.full(len(stock.pools), -1, dtype=np.int32)
        self._rooms: list[tuple[Limit, list[tuple[int, Run]]]] = []
        for limit in limits:
            if limit.kind == "room":
                self._room_of[limit.pools] = len(self._rooms)
                pools = np.flatnonzero(limit.pools).tolist()
                runs = [(pool, run) for pool in pools for run in stock.pools[pool].runs]
                self._rooms.append((limit, runs))

    @cached_property
    def by_all(self) -> KeptEmpty:
        """The other beds that every option there is keeps empty."""
        return self.kept_empty(np.arange(len(self._options), dtype=np.int64))

    def kept_empty(self, which: Ints) -> KeptEmpty:
        """The other beds that these options keep empty."""
        room = self._room_of[self._options.pool[which]]
        inside = np.flatnonzero(room >= 0)
        inside = inside[np.argsort(room[inside], kind="stable")]
        edges = np.searchsorted(room[inside], np.arange(len(self._rooms) + 1))
        none = np.zeros(0, dtype=np.int64)
        found = [(none, none, none, none)]
        for number, (limit, runs) in enumerate(self._rooms):
            here = inside[edges[number] : edges[number + 1]]
            if len(here):
                found += self._in_room(limit, runs, here, which[here])
        taker, pool, first, end = (np.concatenate(part) for part in zip(*found, strict=True))
        return KeptEmpty(taker, pool, first, end)

    def _in_room(
        self, limit: Limit, runs: list[tuple[int, Run]], here: Ints, which: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        options = self._options
        who, pool = options.party[which], options.pool[which]
        arrival = options.arrival[which].astype(np.int64)
        end = options.ends(which).astype(np.int64)
        assert limit.share_until is not None
        alone = np.clip(limit.share_until[who] + 1, arrival, end)
        own = _own(runs, pool, arrival)
        for index, (other, run) in enumerate(runs):
            first, last = np.maximum(alone, run.first), np.minimum(end, run.end)
            some = (first < last) & (own != index)
            taken = here[some]
            yield taken, np.full(len(taken), other), first[some], last[some]


def _own(runs: list[tuple[int, Run]], pool: npt.NDArray[np.int32], arrival: Ints) -> Ints:
    """Which run each stay is in itself: one of its pool that is free by its arrival."""
    own = np.full(len(pool), -1, dtype=np.int64)
    for index, (there, run) in enumerate(runs):
        own[(own < 0) & (pool == there) & (run.first <= arrival)] = index
    return own

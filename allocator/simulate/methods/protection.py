"""Protection levels: so many beds a night are kept from each band for those above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allocator.simulate.asker import Asker
from allocator.simulate.decision import Choice, Decision, Desk, Hold
from allocator.simulate.fit import find
from allocator.simulate.methods.markets import Counts, Market, beds_of, free_beds, present


@dataclass(frozen=True, slots=True)
class Protection:
    """EMSR-b on each night of each market: a band is booked into what those above will not need.

    Demand of the bands above that is not known yet is Poisson about what the futures have, and is
    protected up to its 1 - w(j+1) / w̄(j) quantile (P. P. Belobaba, Operations Research 37(2), 1989,
    183, with the b variant's merged classes); people who are known and wait count in full.
    """

    name: str = "protection levels"
    daily: bool = False
    futures: int = 4

    def decide(self, desk: Desk) -> Decision:
        """Those who are due, while more beds are free than are protected on all their nights."""
        due = [a for a in desk.by_risk(desk.asking) if desk.is_due(a) or not desk.meeting]
        if not due:
            return Decision()
        last = max(a.release for a in due) + max(a.nights for a in due)
        levels = _Levels(desk, min(last, desk.ground.days))
        firm: list[Choice] = []
        with desk.board.trial(desk.today) as board:
            for person in due:
                slot = find(board, person, desk.today, desk.taste)
                if slot is None or not levels.leaves(person, slot.arrival, slot.departure):
                    continue
                board.put(person, slot)
                levels.took(person, slot.arrival, slot.departure)
                firm.append((person, slot))
        return Decision(tuple(firm), holds=levels.holds() if desk.meeting else ())


class _Levels:
    """Free beds and protected beds by market and night, while people are being booked."""

    def __init__(self, desk: Desk, end: int) -> None:
        self._desk, self._first, self._end = desk, desk.today, end
        self._markets = set(beds_of(desk.ground))
        self._free = {m: free_beds(desk, m, self._first, end) for m in self._markets}
        self._protected: dict[tuple[Market, int], Counts] = {}
        self._coming = [f.after(desk.today, end) for f in desk.futures.each]
        self._waiting = list(desk.asking)

    def leaves(self, person: Asker, arrival: int, departure: int) -> bool:
        """Whether a bed more than is protected is free on every night."""
        if person.band == 1 or person.market not in self._markets:
            return True
        nights = slice(arrival - self._first, departure - self._first)
        free = self._free[person.market][nights]
        return bool((free - self._kept(person.market, person.band)[nights] >= 1).all())

    def took(self, person: Asker, arrival: int, departure: int) -> None:
        """Count a booking."""
        if person.market in self._free:
            self._free[person.market][arrival - self._first : departure - self._first] -= 1

    def holds(self) -> tuple[Hold, ...]:
        """What is kept, as runs of nights with one number."""
        found: list[Hold] = []
        for (market, band), kept in sorted(self._protected.items(), key=_in_order):
            found += self._runs(market, band - 1, np.minimum(kept, self._free[market]))
        return tuple(found)

    def _kept(self, market: Market, band: int) -> Counts:
        """Beds kept from the band on each night."""
        if (market, band) not in self._protected:
            weights = self._desk.weights
            by_band = [self._expected(market, above) for above in range(1, band)]
            unknown = sum(by_band, start=np.zeros(self._end - self._first))
            worth = sum(
                (weights[n] * each for n, each in enumerate(by_band)), start=0 * unknown
            ) / np.maximum(unknown, 1e-9)
            # Loaded late: it takes a second, and few simulations protect beds.
            from scipy.stats import poisson

            quantile = np.clip(1 - weights[band - 1] / np.maximum(worth, weights[band - 2]), 0, 1)
            kept = np.where(unknown > 0, poisson.ppf(quantile, np.maximum(unknown, 1e-9)), 0.0)
            known = present(self._waiting, market, band - 1, self._first, self._end)
            self._protected[market, band] = np.maximum(kept, 0) + known
        return self._protected[market, band]

    def _expected(self, market: Market, band: int) -> Counts:
        """People of just this band who may yet be referred, on each night: the futures' mean."""
        found = np.zeros(self._end - self._first)
        for people in self._coming:
            own = [person for person in people if person.band == band]
            found += present(own, market, band, self._first, self._end)
        return found / max(1, len(self._coming))

    def _runs(self, market: Market, band: int, kept: Counts) -> Iterable[Hold]:
        beds = np.floor(kept).astype(int)
        edges = [0, *(np.flatnonzero(np.diff(beds)) + 1).tolist(), len(beds)]
        for a, b in pairwise(edges):
            if beds[a] > 0:
                yield Hold(
                    gender=market[0],
                    ap_type=market[1],
                    band=band,
                    beds=int(beds[a]),
                    first=self._first + a,
                    end=self._first + b,
                    until=self._desk.next_meeting,
                    why="people of these bands who are expected and not referred yet",
                )


def _in_order(entry: tuple[tuple[Market, int], Counts]) -> tuple[str, str, int]:
    (gender, kind), band = entry[0]
    return gender.value, kind.value, band

"""Bid prices: a bed is firm when the person is worth what its nights may be worth to others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from allocator.simulate.asker import Asker
from allocator.simulate.decision import Choice, Decision, Desk
from allocator.simulate.fit import find
from allocator.simulate.methods.markets import Market, beds_of, free_beds
from allocator.solving.network_prices import Trip, network_prices

WEEK = 7


@dataclass(frozen=True, slots=True)
class BidPrices:
    """Prices of bed-weeks from a linear programme of known and expected people; a stay costs the
    sum over its weeks, so a long stay must clear a higher bar (R. W. Simpson, MIT FTL R89-7, 1989).
    """

    name: str = "bid prices"
    daily: bool = False
    futures: int = 4
    weeks: int = 30
    """How far ahead nights have a price."""

    def decide(self, desk: Desk) -> Decision:
        """Those who are due and whose weight is at least the price of their stay."""
        prices = self._prices(desk) if desk.meeting else _carried(desk)
        firm: list[Choice] = []
        with desk.board.trial(desk.today) as board:
            for person in desk.by_risk(desk.asking):
                if desk.meeting and not desk.is_due(person):
                    continue
                slot = find(board, person, desk.today, desk.taste)
                if slot is None:
                    continue
                price = prices.of(person, slot.arrival, slot.departure)
                if person.band > 1 and desk.weights[person.band - 1] < price - 1e-6:
                    continue
                board.put(person, slot)
                firm.append((person, slot))
        return Decision(tuple(firm), carried=prices)

    def _prices(self, desk: Desk) -> Prices:
        first, end = desk.today, min(desk.today + WEEK * self.weeks, desk.ground.days)
        weeks = (end - first) // WEEK
        markets = sorted(beds_of(desk.ground), key=lambda m: (m[0].value, m[1].value))
        row = {market: n * weeks for n, market in enumerate(markets)}
        capacity = np.zeros(len(markets) * weeks)
        for market in markets:
            free = free_beds(desk, market, first, first + weeks * WEEK)
            capacity[row[market] : row[market] + weeks] = free.reshape(weeks, WEEK).mean(axis=1)
        amounts: dict[tuple[float, Market, int, int], float] = defaultdict(float)
        futures = desk.futures.each
        groups = [(desk.asking, 1.0)]
        groups += [(tuple(f.after(first, end)), 1.0 / len(futures)) for f in futures]
        for people, amount in groups:
            for person in people:
                key = _trip(person, desk, weeks)
                if key is not None and person.market in row:
                    amounts[desk.weights[person.band - 1], person.market, *key] += amount
        trips = [
            Trip(worth, amount, tuple(range(row[market] + a, row[market] + b)))
            for (worth, market, a, b), amount in amounts.items()
        ]
        found = network_prices(trips, capacity)
        return Prices(first, {m: found[row[m] : row[m] + weeks] for m in markets})


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Price of a bed for a week in each market, from day `first` on."""

    first: int
    weekly: dict[Market, np.ndarray[tuple[int], np.dtype[np.float64]]]

    def of(self, person: Asker, arrival: int, departure: int) -> float:
        """What the nights of a stay add up to; nights without a price cost nothing."""
        weekly = self.weekly.get(person.market)
        if weekly is None:
            return 0.0
        nights = (np.arange(arrival, departure) - self.first) // WEEK
        nights = nights[(nights >= 0) & (nights < len(weekly))]
        return float(weekly[nights].sum()) / WEEK


def _trip(person: Asker, desk: Desk, weeks: int) -> tuple[int, int] | None:
    """First week of the stay, and the one after the last."""
    arrival = max(person.release, desk.today) - desk.today
    a, b = round(arrival / WEEK), round((arrival + person.nights) / WEEK)
    return (a, max(a + 1, min(b, weeks))) if a < weeks else None


def _carried(desk: Desk) -> Prices:
    """The prices of the last meeting."""
    return desk.carried if isinstance(desk.carried, Prices) else Prices(desk.today, {})

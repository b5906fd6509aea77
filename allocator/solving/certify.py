"""Certify: the prices that bounded a level, as whole numbers that anyone can add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.plan import BedPrices, Certificate, PriceRun, SidePrices
from allocator.solving.aims import Gain, Level
from allocator.solving.model import Model
from allocator.solving.prices import Prices, bound_at, gain_at, so_far
from allocator.solving.strips import Strips

Ints = npt.NDArray[np.int64]
SCALE = 10**6
DEAREST = 2.0**14
"""No price in a certificate is more: added up they stay within what the referee counts in."""
FACTORS = (1.0, 16.0, 256.0)
"""How many times over earlier prices are added."""
CERTIFIED_SIDES = ("mix", "arrivals")


def certificate(model: Model, level: Level, prices: Prices) -> Certificate:
    """The prices in whole numbers of 1/SCALE, bed by bed."""
    whole = certified(model, prices).whole(SCALE)
    limits = model.limits.every
    sides = [
        SidePrices(limits[k].kind, limits[k].key, _runs(model, by_day))
        for k, by_day in whole.limits.items()
    ]
    return Certificate(
        level=level.code,
        scale=SCALE,
        earlier=tuple((model.levels[k].code, w) for k, w in sorted(whole.earlier.items())),
        beds=tuple(_bed_prices(model, whole.beds)),
        sides=tuple(sorted(sides, key=lambda side: (side.kind, side.key))),
    )


def _bed_prices(model: Model, whole: Ints) -> list[BedPrices]:
    by_bed: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, pool in enumerate(model.stock.pools):
        for run in pool.runs:
            by_bed[run.bed_id].append((run.first, run.end, number))
    alike: dict[bytes, list[str]] = defaultdict(list)
    rows: dict[bytes, Ints] = {}
    for bed_id, runs in sorted(by_bed.items()):
        row = np.zeros(whole.shape[1], dtype=np.int64)
        for first, end, number in runs:
            row[first:end] = whole[number, first:end]
        if row.any():
            alike[row.tobytes()].append(bed_id)
            rows[row.tobytes()] = row
    return [BedPrices(tuple(beds), _runs(model, rows[key])) for key, beds in alike.items()]


def _runs(model: Model, row: Ints) -> tuple[PriceRun, ...]:
    """Runs of equal price, ending at price 0."""
    padded = np.append(row, 0)
    changes = np.flatnonzero(np.diff(padded, prepend=0))
    return tuple(PriceRun(model.stock.date(int(day)), int(padded[day])) for day in changes)


def price_bound(every: Strips, level: int, prices: Prices, reached: Sequence[int]) -> int:
    """The bound in whole numbers that a certificate with these prices gives; docs/model.md.

    `every`: all options there are.
    """
    model = every.model
    whole = certified(model, prices).whole(SCALE)
    best = best_anywhere(every, gain_at(model, level, SCALE, whole), whole)
    return int(bound_at(model, SCALE, whole, dict(enumerate(reached)), best)) // SCALE


def best_anywhere(every: Strips, gain: Gain, prices: Prices) -> npt.NDArray[Any]:
    """The most that each party's options are worth, listed or not. `every`: all that are listed."""
    listed = every.best_of_each(every.worths(gain, prices))
    elsewhere = every.model.elsewhere
    if elsewhere is None:
        return listed
    return np.asarray(np.maximum(listed, elsewhere.best_of_each(gain, so_far(prices))))


def strongest(
    every: Strips,
    level: int,
    prices: Prices,
    earlier: Mapping[int, Prices],
    reached: Sequence[int],
    wanted: int,
) -> tuple[Prices, int]:
    """Prices that bound a level by `wanted`, or as near as they come; and the bound.

    `earlier`: prices that bound earlier levels by just what they reach.
    Prices found when options had been ruled out say nothing against those. The prices that ruled
    them out do: added many times over, they cost what they themselves leave open, which is nothing
    where the earlier level is at its bound.
    """
    best, bound = prices, price_bound(every, level, prices, reached)
    if bound <= wanted:
        return best, bound
    for factor in FACTORS if earlier else ():
        stronger = prices
        for k, of in earlier.items():
            stronger = stronger.plus(of, k, factor)
        if bound <= wanted or stronger.highest > DEAREST:
            break
        now = price_bound(every, level, stronger, reached)
        if now < bound:
            best, bound = stronger, now
    return best, bound


def certified(model: Model, prices: Prices) -> Prices:
    """The prices without those on limits that a certificate does not know."""
    limits = model.limits.every
    known = {k: day for k, day in prices.limits.items() if limits[k].kind in CERTIFIED_SIDES}
    return Prices(prices.beds, prices.earlier, known)

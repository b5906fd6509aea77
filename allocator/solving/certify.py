"""Certify: the prices that bounded a level, as whole numbers that anyone can add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.plan import BedPrices, Certificate, PriceRun, SidePrices
from allocator.solving.aims import Gain, Level
from allocator.solving.limits import Limit
from allocator.solving.model import Model

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SCALE = 10**6
CERTIFIED_SIDES = ("room", "mix", "arrivals")


@dataclass(frozen=True)
class NightPrices:
    """Prices per bed-night of each pool, on earlier levels by index, and on limits by day."""

    beds: Floats
    """[pool, night]"""
    earlier: dict[int, float]
    limits: tuple[tuple[Limit, int, float], ...]


def from_potentials(ahead: Floats) -> Floats:
    """Bed-night prices from what a bed can still earn: the drop from each day to the next."""
    return np.maximum(0.0, ahead[:-1] - ahead[1:]).T


def certificate(model: Model, level: Level, prices: NightPrices, scale: int) -> Certificate:
    """The prices in whole numbers of 1/scale, bed by bed."""
    whole = np.rint(prices.beds * scale).astype(np.int64)
    sides: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for limit, day, price in prices.limits:
        if limit.kind in CERTIFIED_SIDES and round(price * scale) > 0:
            sides[limit.kind, limit.key][day] = round(price * scale)
    return Certificate(
        level=level.code,
        scale=scale,
        earlier=tuple(
            (model.levels[k].code, round(weight * scale))
            for k, weight in sorted(prices.earlier.items())
            if round(weight * scale) > 0
        ),
        beds=tuple(_bed_prices(model, whole)),
        sides=tuple(
            SidePrices(kind, key, _side_runs(model, days))
            for (kind, key), days in sorted(sides.items())
        ),
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


def _side_runs(model: Model, days: dict[int, int]) -> tuple[PriceRun, ...]:
    row = np.zeros(model.stock.days, dtype=np.int64)
    for day, price in days.items():
        row[day] = price
    return _runs(model, row)


def price_bound(
    model: Model,
    level: int,
    prices: NightPrices,
    reached: Sequence[int],
    gains: Sequence[Gain],
) -> int:
    """The bound in whole numbers that a certificate with these prices gives; docs/model.md."""
    scale = SCALE
    whole = np.rint(prices.beds * scale).astype(np.int64)
    weights = {k: round(w * scale) for k, w in prices.earlier.items() if round(w * scale) > 0}
    total = int((model.stock.capacity * whole).sum()) - sum(
        w * reached[k] for k, w in weights.items()
    )
    sides = [
        (limit, day, round(price * scale))
        for limit, day, price in prices.limits
        if limit.kind in CERTIFIED_SIDES and round(price * scale) > 0
    ]
    total += sum(limit.capacity(day) * price for limit, day, price in sides)
    running = np.zeros((whole.shape[0], whole.shape[1] + 1), dtype=np.int64)
    np.cumsum(whole, axis=1, out=running[:, 1:])
    return (total + _best_worths(model, gains[level], gains, weights, sides, running)) // scale


def _best_worths(
    model: Model,
    gain: Gain,
    gains: Sequence[Gain],
    weights: dict[int, int],
    sides: Sequence[tuple[Limit, int, int]],
    running: Ints,
) -> int:
    """Sum over parties of the worth of their best option, nothing where it is below 0."""
    options = model.options
    total, first = 0, 0
    while first < len(model.parties):
        last = int(
            np.searchsorted(options.first_of, options.first_of[first] + 1_000_000, side="right")
        )
        last = min(max(first + 1, last - 1), len(model.parties))
        which = np.arange(options.first_of[first], options.first_of[last], dtype=np.int64)
        if len(which):
            pool = options.pool[which]
            worth = SCALE * model.gains.at(gain, which)
            for k, weight in weights.items():
                worth = worth + weight * model.gains.at(gains[k], which)
            worth = worth - (
                running[pool, options.ends(which)] - running[pool, options.arrival[which]]
            )
            for limit, day, price in sides:
                worth = worth - price * limit.weights(options, which, day)
            best = np.zeros(last - first, dtype=np.int64)
            np.maximum.at(best, options.party[which] - first, worth)
            total += int(best.sum())
        first = last
    return total

"""Prices: what beds, limits and earlier levels cost, and the bound that follows.

The bound and why it holds: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain, blend
from allocator.solving.flow import Flow
from allocator.solving.model import Model
from allocator.solving.rooms_alone import KeptEmpty

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Prices:
    """Prices per bed-night of each pool, on earlier levels, and on limits by day."""

    beds: npt.NDArray[Any]
    """[pool, night]"""
    earlier: dict[int, Any]
    limits: dict[int, npt.NDArray[Any]]
    """By number in `Limits.every`; one price a day."""

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices so far on the way to another's."""
        return self._blended(1 - share, other, share)

    def plus(self, other: Prices, level: int, factor: float) -> Prices:
        """With another level's prices on top, so many times, and as much for a unit of it."""
        more = self._blended(1.0, other, factor)
        more.earlier[level] = more.earlier.get(level, 0.0) + factor
        return more

    def _blended(self, mine: float, other: Prices, theirs: float) -> Prices:
        """So many times these and the others added up; what only one of them has is 0 there."""
        none = np.zeros(1)
        return Prices(
            mine * self.beds + theirs * other.beds,
            {
                k: mine * self.earlier.get(k, 0.0) + theirs * other.earlier.get(k, 0.0)
                for k in sorted(self.earlier.keys() | other.earlier.keys())
            },
            {
                k: mine * self.limits.get(k, none) + theirs * other.limits.get(k, none)
                for k in sorted(self.limits.keys() | other.limits.keys())
            },
        )

    @property
    def highest(self) -> float:
        """The highest price on anything."""
        return max(
            float(self.beds.max(initial=0)),
            *(float(w) for w in self.earlier.values()),
            *(float(by_day.max(initial=0)) for by_day in self.limits.values()),
            0.0,
        )

    def whole(self, scale: int) -> Prices:
        """The same prices in whole numbers of 1/scale."""
        beds = np.rint(self.beds * scale).astype(np.int64)
        limits = {k: np.rint(by_day * scale).astype(np.int64) for k, by_day in self.limits.items()}
        return Prices(
            beds,
            {k: round(w * scale) for k, w in self.earlier.items() if round(w * scale) > 0},
            {k: by_day for k, by_day in limits.items() if by_day.any()},
        )


def none_of(model: Model) -> Prices:
    """No price on anything."""
    return Prices(np.zeros(model.stock.capacity.shape), {}, {})


def night_prices(flow: Flow, dual: Floats, shape: tuple[int, int]) -> Floats:
    """Prices of nights from what a bed is worth at each node: the fall to the next node.

    A fall is spread evenly over the nights between the two.
    """
    onward = np.append(np.diff(flow.nights_from // shape[1]) == 0, False)
    fall = np.maximum(0.0, dual - np.where(onward, np.append(dual[1:], 0.0), 0.0))
    length = flow.nights_to - flow.nights_from
    price = np.zeros(shape[0] * shape[1])
    price[np.repeat(flow.nights_from, length) + _counting(length)] = np.repeat(
        fall / length, length
    )
    return price.reshape(shape)


def bed_worths(flow: Flow, beds: Floats) -> Floats:
    """What a bed is worth at each node at prices of nights: the other way round."""
    days = beds.shape[1]
    onward = np.cumsum(beds[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(onward[flow.nights_from // days, flow.nights_from % days])


def _counting(lengths: Ints) -> Ints:
    """0, 1, … for each length, one after another."""
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.arange(int(lengths.sum())) - starts


def so_far(prices: Prices) -> npt.NDArray[Any]:
    """What the nights before each day cost together, by pool."""
    sums = np.zeros((prices.beds.shape[0], prices.beds.shape[1] + 1), dtype=prices.beds.dtype)
    np.cumsum(prices.beds, axis=1, out=sums[:, 1:])
    return sums


def gain_at(model: Model, level: int, unit: float, prices: Prices) -> Gain:
    """What options add at these prices, before they pay: unit x gain + earlier levels."""
    return blend({level: unit, **prices.earlier}, model.gain_of)


def worths_of(
    model: Model, gain: Gain, prices: Prices, which: Ints, empty: KeptEmpty | None = None
) -> npt.NDArray[Any]:
    """What options add less what they pay; in whole numbers when gain and prices are.

    `empty`: the beds that they keep empty, where that is known.
    """
    options, sums = model.options, so_far(prices)
    worth = model.gains.at(gain, which).astype(prices.beds.dtype)
    worth -= sums[options.pool[which], options.ends(which)]
    worth += sums[options.pool[which], options.arrival[which]]
    more = model.alone.kept_empty(which) if empty is None else empty
    np.subtract.at(worth, more.taker, sums[more.pool, more.end] - sums[more.pool, more.first])
    for number, by_day in prices.limits.items():
        limit = model.limits.every[number]
        concerned = np.flatnonzero(limit.pools[options.pool[which]])
        worth[concerned] -= limit.cost(by_day, options, which[concerned])
    return worth


def bound_at(
    model: Model, unit: float, prices: Prices, reached: Mapping[int, int], best: npt.NDArray[Any]
) -> Any:
    """The bound on unit x the level when earlier levels have reached so much."""
    limits = model.limits.every
    total = (model.stock.capacity * prices.beds).sum() + best.sum()
    total += sum(by_day @ limits[number].nights for number, by_day in prices.limits.items())
    return total - sum(price * reached[k] for k, price in prices.earlier.items())

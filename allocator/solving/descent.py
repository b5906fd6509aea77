"""Descent: prices on people that bound a level of a problem too large to solve as one region.

The bound is convex in the prices. A temperature makes it smooth, and then each price moves with
the logarithm of how often its person is taken (too often: dearer), with Nesterov's momentum; the
temperature falls as the steps go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from allocator.solving.certify import NightPrices, from_potentials
from allocator.solving.model import Model
from allocator.solving.paths import Paths

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
STEP = 0.7
LEAST_FLOW = 1e-3
HEADROOM = 12.0
"""Temperatures that a price may stand above the most its person can be worth."""
TEMPERATURES = ((4.0, 0.1), (1.0, 0.15), (0.25, 0.25), (0.06, 0.25), (0.02, 0.25))
"""Temperature, in units of the level's typical gain, and its share of the steps."""


class Descent:
    """One path structure over the whole problem, used for every level."""

    def __init__(self, model: Model) -> None:
        self.model = model
        every = np.arange(len(model.options), dtype=np.int64)
        pools = np.arange(len(model.stock.pools), dtype=np.int64)
        self.paths = Paths(model.stock, model.options, every, pools)
        self.parties = len(model.parties)
        self._gain: dict[int, Ints] = {}

    def plain(self, level: int) -> int:
        """The bound as if beds never ran out."""
        return int(self._most(self._of(level).astype(np.float64)).sum())

    def _of(self, level: int) -> Ints:
        return self.model.gains.at(self.model.gain_of[level], self.paths.which)

    def _most(self, worth: Floats) -> Floats:
        most = np.zeros(self.parties)
        np.maximum.at(most, self.paths.who, worth)
        return most

    def lower(
        self, level: int, reached: Sequence[int], steps: int, stopped: Callable[[], bool]
    ) -> NightPrices:
        """Prices for the level, with weights on the earlier levels that keep them from paying."""
        earlier = self._weights(level)
        worth = self._of(level).astype(np.float64)
        unit = max(1.0, float(np.abs(worth).max(initial=0)) / 4) if not self._counts(level) else 1.0
        for k, weight in earlier.items():
            worth += weight * unit * self._of(k)
        prices = self._descend(worth, unit, steps, stopped)
        best = self.paths.best(worth - prices[self.paths.who])
        return NightPrices(
            from_potentials(best.ahead), {k: w * unit for k, w in earlier.items()}, ()
        )

    def _counts(self, level: int) -> bool:
        return self.model.levels[level].unit in ("people", "criteria", "features", "bookings")

    def _weights(self, level: int) -> dict[int, float]:
        """Weights of earlier levels: what one of theirs may at most be traded for, and more."""
        found: dict[int, float] = {}
        weight = 4.0 if not self._counts(level) else 2.0
        for k in range(level - 1, -1, -1):
            if self.model.gain_of[k].is_nothing:
                continue
            if self.model.levels[k].unit in ("people",):
                found[k] = weight
                weight *= 2.0
        return found

    def _descend(
        self, worth: Floats, unit: float, steps: int, stopped: Callable[[], bool]
    ) -> Floats:
        most = self._most(worth)
        prices = most * 0.5
        for temperature, share in TEMPERATURES:
            heat = temperature * unit
            ceiling = most + HEADROOM * heat
            look, momentum, last = prices.copy(), 1.0, np.inf
            for _ in range(max(1, round(steps * share))):
                if stopped():
                    return prices
                value, flow = self.paths.soft(worth - look[self.paths.who], heat)
                value += float(look.sum())
                taken = np.bincount(self.paths.who, weights=flow, minlength=self.parties)
                moved = look + STEP * heat * np.log(np.maximum(taken, LEAST_FLOW))
                moved = np.clip(moved, 0.0, ceiling)
                momentum = 1.0 if value > last else momentum
                following = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
                look = moved + (momentum - 1) / following * (moved - prices)
                look = np.clip(look, 0.0, ceiling)
                prices, momentum, last = moved, following, value
        return prices

"""Whole bounds: a bound on each level of a problem too large to solve as one region."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from allocator.solving.certify import NightPrices, from_potentials
from allocator.solving.descent import descend
from allocator.solving.model import Model
from allocator.solving.paths import Paths

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class WholeBounds:
    """One path structure over the whole problem, used for every level."""

    def __init__(self, model: Model) -> None:
        self.model = model
        every = np.arange(len(model.options), dtype=np.int64)
        pools = np.arange(len(model.stock.pools), dtype=np.int64)
        self.paths = Paths(model.stock, model.options, every, pools)
        self.parties = len(model.parties)

    def plain(self, level: int) -> int:
        """The bound as if beds never ran out."""
        options = self.model.options
        every = np.arange(len(options), dtype=np.int64)
        gain = self.model.gains.at(self.model.gain_of[level], every)
        able = np.flatnonzero(np.diff(options.first_of) > 0)
        most = np.maximum.reduceat(gain, options.first_of[able]) if len(able) else gain
        return int(np.maximum(0, most).sum())

    def _of(self, level: int) -> Ints:
        return self.model.gains.at(self.model.gain_of[level], self.paths.which)

    def lower(
        self, level: int, reached: Sequence[int], steps: int, stopped: Callable[[], bool]
    ) -> NightPrices:
        """Prices for the level, with weights on the earlier counts of people."""
        gain = self._of(level)
        size = float(np.abs(gain).max(initial=0))
        earlier = self._weights(level, max(2.0, size))
        worth = gain.astype(np.float64)
        for k, weight in earlier.items():
            worth += weight * self._of(k)
        unit = max(1.0, size / 8)
        prices = descend(self.paths, self.parties, worth, unit, steps, stopped, lambda _: None)
        best = self.paths.best(worth - prices[self.paths.who])
        return NightPrices(from_potentials(best.ahead), earlier, ())

    def _weights(self, level: int, size: float) -> dict[int, float]:
        """What a person kept or placed at an earlier level counts for here."""
        return {
            k: 2.0 * size
            for k in range(level)
            if self.model.levels[k].unit == "people" and not self.model.gain_of[k].is_nothing
        }

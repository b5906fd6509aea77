"""Descent: prices on people by following the gradient of a smoothed bound.

With a temperature the bound is smooth in the prices, and each price moves with the logarithm of
how often its person is taken (too often: dearer), with Nesterov's momentum; the temperature falls
as the steps go on. The prices come close quickly and never quite arrive: they are a good start
for the path master, and a bound in themselves.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from allocator.solving.paths import Paths

Floats = npt.NDArray[np.float64]
STEP = 0.7
LEAST_FLOW = 1e-3
HEADROOM = 12.0
"""Temperatures that a price may stand above the most its person can be worth."""
TEMPERATURES = (0.3, 0.1, 0.03, 0.01)
"""In units of the level; each has the same number of steps."""
SHOWN_EVERY = 5
SHOWN_FROM = 2
"""Prices are shown on the way every so many steps, from this temperature on."""


def descend(
    paths: Paths,
    parties: int,
    worth: Floats,
    unit: float,
    steps: int,
    stopped: Callable[[], bool],
    show: Callable[[Floats], None],
) -> Floats:
    """Prices on people, low enough to be a bound worth having, for options worth so much.

    `unit`: what one step of the level is worth. `show` sees prices on the way.
    """
    most = np.zeros(parties)
    np.maximum.at(most, paths.who, worth)
    prices = most * 0.5
    for number, temperature in enumerate(TEMPERATURES):
        heat = temperature * unit
        ceiling = most + HEADROOM * heat
        look, momentum, last = prices, 1.0, np.inf
        for step in range(max(1, steps // len(TEMPERATURES))):
            if stopped():
                return prices
            value, flow = paths.soft(worth - look[paths.who], heat)
            value += float(look.sum())
            taken = np.bincount(paths.who, weights=flow, minlength=parties)
            moved = look + STEP * heat * np.log(np.maximum(taken, LEAST_FLOW))
            moved = np.clip(moved, 0.0, ceiling)
            momentum = 1.0 if value > last else momentum
            following = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
            look = moved + (momentum - 1) / following * (moved - prices)
            look = np.clip(look, 0.0, ceiling)
            prices, momentum, last = moved, following, value
            if number >= SHOWN_FROM and step % SHOWN_EVERY == 0:
                show(prices)
    return prices

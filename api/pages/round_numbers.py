"""Round numbers: how far apart those beside a picture stand, so that there are few of them."""

from __future__ import annotations

MOST_LINES = 5


def round_numbers(most: float) -> range:
    """From nought to the most that is drawn."""
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500)
    step = next((each for each in steps if most / each <= MOST_LINES), 1_000)
    return range(0, int(most) + 1, step)

"""Clock: how long a solve has run, how long it still may, and whether it must stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from allocator.plan import EndedBy

LEADING_SHARE = 0.6
"""Of a time limit, for leading on before whole people are looked for."""
PLACING_SHARE = 0.85
"""Of a time limit, for who is placed, before the nights and miles of a large problem's plan."""
DEARER = 1.0
"""How many times as long as the one before it a level may take to lead."""


@dataclass
class Clock:
    """Seconds since it was made, against a limit or none; `stop` is whoever else may end it."""

    limit_s: float | None = None
    stop: Callable[[], bool] = lambda: False
    began: float = field(default_factory=time.monotonic)
    interrupted: bool = False
    timed_out: bool = False

    def elapsed(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds to the limit."""
        return float("inf") if self.limit_s is None else self.limit_s - self.elapsed()

    def stopped(self) -> bool:
        """Whether to come to an end now."""
        if not self.interrupted and self.stop():
            self.interrupted = True
        if self.left() <= 0:
            self.timed_out = True
        return self.interrupted or self.timed_out

    def led_long_enough(self, last_s: float = 0.0) -> bool:
        """Whether what is left of the time is for whole people, if one more level is led.

        `last_s`: seconds that the last one took.
        """
        if self.limit_s is None:
            return False
        return self.elapsed() + DEARER * last_s > LEADING_SHARE * self.limit_s

    def placed_long_enough(self) -> bool:
        """Whether what is left of the time is for making the placements earlier and nearer."""
        return self.limit_s is not None and self.elapsed() > PLACING_SHARE * self.limit_s

    def ended_by(self) -> EndedBy:
        """What ended the work."""
        if self.interrupted:
            return EndedBy.INTERRUPTED
        return EndedBy.TIME_LIMIT if self.timed_out else EndedBy.EFFORT

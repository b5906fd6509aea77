"""Clock: how long a solve has run, how long it still may, and whether it must stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from allocator.plan import EndedBy

LEADING_SHARE = 0.5
"""Of a time limit, for leading on before whole people are looked for."""
PLACING_SHARE = 0.75
"""Of a time limit, for who is placed, before the nights and miles of a large problem's plan."""
DIVING_SHARE = 0.85
"""Of a time limit, for whole people where bounds are found at the same time."""
CHANGING_SHARE = 0.93
"""Of a time limit, before people have changed places by chance for long enough: proofs are to be
added up after."""
BOUNDING_SHARE = 0.85
"""Of a time limit, after which no programme is begun beside that: each takes some seconds."""
TIDYING_SHARE = 0.85
"""Of a time limit, before the levels after who is placed are bounded in a large problem."""
HURRIED_SHARE = 1 / 3
"""Of a time limit: where listing the options and a first plan take more, prices come too late."""
LISTED_SHARE = 1 / 16
"""Of a time limit: where listing the options and a first plan take more, prices of all bands at
once leave time for making the plan from them better and for bounds of single bands, at the same
time where there are two cores."""


@dataclass
class Clock:
    """Seconds since it was made, against a limit or none; `stop` is whoever else may end it."""

    limit_s: float | None = None
    stop: Callable[[], bool] = lambda: False
    began: float = field(default_factory=time.monotonic)
    interrupted: bool = False
    timed_out: bool = False
    had_a_say: bool = False
    """Whether the limit decided anything so far."""

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
            self.timed_out = self.had_a_say = True
        return self.interrupted or self.timed_out

    def for_another_thread(self) -> Clock:
        """The same time; it hears that it must stop when this one did, and asks nobody else."""
        return replace(self, stop=lambda: self.interrupted)

    def hurried(self) -> bool:
        """Whether what is left of the time is better spent on the plan that there is."""
        return self._past(HURRIED_SHARE)

    def listed_late(self) -> bool:
        """Whether one plan from the prices of all bands is all that there is time for."""
        return self._past(LISTED_SHARE)

    def led_long_enough(self) -> bool:
        """Whether what is left of the time is for whole people."""
        return self._past(LEADING_SHARE)

    def placed_long_enough(self) -> bool:
        """Whether what is left of the time is for making the placements earlier and nearer."""
        return self._past(PLACING_SHARE)

    def changed_places_long_enough(self) -> bool:
        """Whether what is left of the time is for other ways to make the plan better."""
        return self._past(CHANGING_SHARE)

    def dived_long_enough(self) -> bool:
        """Whether what is left of the time is for people to change places."""
        return self._past(DIVING_SHARE)

    def bounded_long_enough(self) -> bool:
        """Whether what is left of the time is too short for another programme."""
        return self._past(BOUNDING_SHARE)

    def tidied_long_enough(self) -> bool:
        """Whether what is left of the time is for bounds on the levels after who is placed."""
        return self._past(TIDYING_SHARE)

    def _past(self, share: float) -> bool:
        past = self.limit_s is not None and self.elapsed() > share * self.limit_s
        self.had_a_say |= past
        return past

    def ended_by(self) -> EndedBy:
        """What ended the work, or cut a part of it short."""
        if self.interrupted:
            return EndedBy.INTERRUPTED
        return EndedBy.TIME_LIMIT if self.had_a_say else EndedBy.EFFORT

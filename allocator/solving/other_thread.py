"""Another thread, which does what it is given, one after another, beside this one.

HiGHS and machine code leave Python to each other, so that both go on at once on two cores.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from allocator.solving.clock import Clock

T = TypeVar("T")
A_WHILE = 0.1
"""Seconds between two looks at whether to stop, while the other works."""


class OtherThread:
    """At the end of the `with` it is told to stop what is not done, and waited for; `clock` is
    by what it hears of that."""

    def __init__(self, clock: Clock) -> None:
        self._of_this_one, self.clock = clock, clock.for_another_thread()
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[Any] | None = None

    def __enter__(self) -> OtherThread:
        return self

    def __exit__(self, *_: object) -> None:
        self.clock.interrupted |= self._last is not None and not self._last.done()
        self._thread.shutdown()

    def does(self, what: Callable[[], T]) -> Future[T]:
        """Have it do this after all that it was given before."""
        self._last = done = self._thread.submit(what)
        return done

    def wait_for(self, what: Future[Any]) -> bool:
        """Wait until that is done, or this thread must stop; whether it is done."""
        while not (what.done() or self._of_this_one.stopped()):
            wait([what], A_WHILE)
        return what.done()

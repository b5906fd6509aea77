"""Executor: hands cells to the queue, and gives each a future that ends when its row does."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from allocator.errors import AllocatorError
from allocator.simulate.cell import Cell, Result, run_cell
from api.years.queue import Ended, Queue

T = TypeVar("T")
AWAY = "the queue is away ({})"
PATIENCE_S = 10.0
LOOK_S = 0.5
"""How soon a result is seen."""
VARIABLE = "ALLOCATOR_YEARS_URL"


class CellFailed(AllocatorError):  # noqa: N818 - it says what is the matter
    """A worker could not run a cell; what it said of it."""


class QueueExecutor(Executor):
    """Takes `run_cell` of a cell, and nothing else: what runs is named, never sent."""

    def __init__(self, queue: Queue, say: Callable[[str], None] = lambda text: None) -> None:
        """`say`: is told once, in words, when no worker has taken anything for `PATIENCE_S`."""
        self._queue, self._say = queue, say
        self._taken = time.monotonic()
        """When it was last seen that a worker is there, or that nothing waits."""
        self._said = False
        self._waiting: dict[str, Future[Result]] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="years", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Raises TypeError for anything but `run_cell` of one cell."""
        if fn is not run_cell or len(args) != 1 or not isinstance(args[0], Cell) or kwargs:
            raise TypeError("the queue runs run_cell of a cell, and nothing else")
        try:
            key = self._queue.put(args[0])
        except SQLAlchemyError as fault:
            raise CellFailed(AWAY.format(type(fault).__name__)) from fault
        with self._lock:
            found: Future[Any] = self._waiting.setdefault(key, Future())
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop looking. Rows stay: workers go on, and the same sweep finds what they did."""
        self._over.set()
        self._thread.join()
        with self._lock:
            for future in self._waiting.values():
                future.cancel()
        self._queue.close()

    def _look(self) -> None:
        while not self._over.wait(LOOK_S):
            with self._lock:
                keys = list(self._waiting)
            try:
                for ended in self._queue.ended(keys):
                    self._end(ended)
                    self._taken = time.monotonic()
                self._look_for_workers(bool(keys))
            except Exception as fault:
                # The database is away: nobody may wait for ever.
                self._fail_all(fault)

    def _look_for_workers(self, waiting: bool) -> None:
        if self._said:
            return
        if not waiting or self._queue.being_run(time.time()):
            self._taken = time.monotonic()
        elif time.monotonic() - self._taken >= PATIENCE_S:
            self._said = True
            self._say(
                f"No worker has taken a year for {PATIENCE_S:.0f} s. Start some, on this machine "
                f"or others: python -m api.years URL (or {VARIABLE}). Waiting goes on."
            )

    def _end(self, ended: Ended) -> None:
        with self._lock:
            future = self._waiting.pop(ended.key)
        if ended.result is not None:
            future.set_result(ended.result)
        else:
            future.set_exception(CellFailed(f"a simulated year failed: {ended.fault}"))

    def _fail_all(self, fault: Exception) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            future.set_exception(CellFailed(AWAY.format(type(fault).__name__)))


def opened(address: str) -> QueueExecutor:
    """For `--executor queue=URL`; without a URL, that of the environment's ALLOCATOR_YEARS_URL."""
    url = address or os.environ.get(VARIABLE, "")
    if not url:
        raise CellFailed(f"which queue? --executor queue=URL, or {VARIABLE}")
    return QueueExecutor(Queue(url), lambda text: print(text, file=sys.stderr, flush=True))

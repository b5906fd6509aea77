"""Processes of this machine in which years run, and which end with the one that started them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, TypeVar

from allocator.solver_process.fences import die_with

T = TypeVar("T")


class Processes(ProcessPoolExecutor):
    """So many processes. Leaving the `with` block by an exception ends them at once."""

    def __init__(self, workers: int) -> None:
        # Spawned, because a solver's threads do not survive a fork.
        super().__init__(
            workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
        )
        self._children: set[BaseProcess] = set()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """What is to run; a process is started for it where there are not yet enough."""
        before = set(active_children())
        with _without_interrupts():
            found = super().submit(fn, *args, **kwargs)
        self._children |= set(active_children()) - before
        return found

    def end(self) -> None:
        """End every process now. What had not come back is lost."""
        for child in self._children:
            child.kill()
        self.shutdown(wait=False, cancel_futures=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        if raised is not None:
            self.end()
            return None
        return super().__exit__(kind, raised, traceback)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal: a child started here leaves it to its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int) -> None:
    """Have this process end when its parent does, however that ends."""
    die_with(parent)
    # Where the kernel does not tell of a parent's death, a thread waits for it.
    threading.Thread(target=_wait_for_parent, name="parent", daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Worker: takes one cell after another, and keeps its lease while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from allocator.simulate.cell import run_cell
from api.years.queue import Leased, Queue

OTHER_FILES = "its files, policy or program are not the same on this machine"
LEASE_S, BEAT_S, IDLE_S = 60.0, 15.0, 1.0


class Watch:
    """What is told of each cell; here nobody listens."""

    def begun(self, leased: Leased) -> None:
        """It is in hand."""

    def ended(self, leased: Leased, how: str) -> None:
        """It is no longer; `how` in words."""


def work(
    queue: Queue,
    worker: str,
    stop: Callable[[], bool],
    *,
    until_empty: bool = False,
    watch: Watch | None = None,
) -> int:
    """Run cells until told to stop, or until none waits; how many were run."""
    count = 0
    watch = watch or Watch()
    while not stop():
        leased = queue.lease(worker, time.time(), LEASE_S)
        if leased is not None:
            watch.begun(leased)
            watch.ended(leased, run(queue, leased))
            count += 1
        elif until_empty:
            break
        else:
            time.sleep(IDLE_S)
    return count


def run(queue: Queue, leased: Leased) -> str:
    """Run one cell, and how that ended in words.

    A cell whose key is another here depends on what is not the same here.
    """
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_S):
            queue.renew(leased, time.time(), LEASE_S)

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        if leased.cell.key != leased.key:
            queue.fail(leased, OTHER_FILES)
            return f"refused: {OTHER_FILES}"
        ours = queue.finish(leased, run_cell(leased.cell))
        return "done" if ours else "done, after another worker had taken it"
    except KeyboardInterrupt:
        queue.give_back(leased)
        raise
    except Exception as fault:
        text = f"{type(fault).__name__}: {fault}"
        queue.fail(leased, text)
        return f"failed: {text}"
    finally:
        over.set()
        thread.join()

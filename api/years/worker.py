"""Worker: takes one cell after another, and keeps its lease while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from allocator.simulate.cell import run_cell
from api.years.queue import Leased, Queue

LEASE_S, BEAT_S, IDLE_S = 60.0, 15.0, 1.0


def work(queue: Queue, worker: str, stop: Callable[[], bool], *, until_empty: bool = False) -> int:
    """Run cells until told to stop, or until none waits; how many were run."""
    count = 0
    while not stop():
        leased = queue.lease(worker, time.time(), LEASE_S)
        if leased is not None:
            run(queue, leased)
            count += 1
        elif until_empty:
            break
        else:
            time.sleep(IDLE_S)
    return count


def run(queue: Queue, leased: Leased) -> None:
    """Run one cell. A cell whose key is another here depends on what is not the same here."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_S):
            queue.renew(leased, time.time(), LEASE_S)

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        if leased.cell.key != leased.key:
            queue.fail(leased, "its files, policy or program are not the same on this machine")
            return
        queue.finish(leased, run_cell(leased.cell))
    except KeyboardInterrupt:
        queue.give_back(leased)
        raise
    except Exception as fault:
        queue.fail(leased, f"{type(fault).__name__}: {fault}")
    finally:
        over.set()
        thread.join()

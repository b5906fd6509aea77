"""Crew: the workers that `serve` starts. One that ends is started again, and none outlives it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from api.logs import Event, write

SOONEST_S, LATEST_S = 1.0, 60.0
"""How soon a worker that ended is started again: each time twice as late, unless it has lasted."""
LASTED_S = 60.0
END_S = 30.0
"""How long a worker may take to give its run back when all is to end."""


class LostWorkerError(Exception):
    """A worker has ended and is not back yet."""


class Crew:
    """So many workers. Each is kept by a thread of its own, and dies when that thread does."""

    def __init__(
        self, size: int, command: Sequence[str] | None = None, *, soonest_s: float = SOONEST_S
    ) -> None:
        self._command = list(command or (sys.executable, "-P", "-m", "api.worker"))
        self._soonest_s = soonest_s
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._workers: list[subprocess.Popen[bytes] | None] = [None] * size
        self._threads = [
            threading.Thread(target=self._keep, args=(place,), name="crew", daemon=True)
            for place in range(size)
        ]

    def start(self) -> None:
        """Start all of them."""
        for thread in self._threads:
            thread.start()

    def check(self) -> None:
        """Raise LostWorkerError unless all of them are there. For `/health`."""
        if any(worker is None or worker.poll() is not None for worker in self._workers):
            raise LostWorkerError

    def stop(self) -> None:
        """Tell all of them to end, and wait until they have; kill whoever does not."""
        self._over.set()
        with self._lock:
            there = [worker for worker in self._workers if worker is not None]
        for worker in there:
            worker.terminate()
        for worker in there:
            try:
                worker.wait(END_S)
            except subprocess.TimeoutExpired:
                worker.kill()
        for thread in self._threads:
            thread.join()

    def _keep(self, place: int) -> None:
        pause = self._soonest_s
        while worker := self._started(place):
            began = time.monotonic()
            worker.wait()
            if self._over.is_set():
                return
            write(Event.WORKER_LOST, level="warning")
            if time.monotonic() - began >= LASTED_S:
                pause = self._soonest_s
            self._over.wait(pause)
            pause = min(2 * pause, LATEST_S)

    def _started(self, place: int) -> subprocess.Popen[bytes] | None:
        """A new worker, unless all is over. In a session of its own: Ctrl-C is for us alone."""
        with self._lock:
            if self._over.is_set():
                return None
            command = [*self._command, "--parent", str(os.getpid())]
            worker = subprocess.Popen(command, env=_environment(), start_new_session=True)
            self._workers[place] = worker
            return worker


def _environment() -> dict[str, str]:
    """A worker runs this very code, wherever it was started."""
    source = str(Path(__file__).resolve().parents[1])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")])),
    }

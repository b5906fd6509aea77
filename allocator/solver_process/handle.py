"""A hold on one child process: its pipes, its life and its last words."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Generic, TypeVar

M = TypeVar("M")
_SOURCE = Path(__file__).resolve().parents[2]
_LOG_BYTES = 4_000
_MEMORY_WORDS = (b"bad_alloc", b"MemoryError", b"Cannot allocate memory")


class Handle(Generic[M]):
    """A child that has been sent its request. Leaving the `with` block kills it.

    `child`: the module that it runs, given our process id and its memory. `read`: a line that it
    says as a message; raises ValueError for half a line.
    """

    def __init__(
        self, child: str, request: bytes, read: Callable[[bytes], M], memory_gib: float
    ) -> None:
        self._read_line = read
        self.closed = False
        """Whether the child has said its last; it may still be dying."""
        self._killed = False
        self._messages: queue.Queue[M | None] = queue.Queue()
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed on leaving
        self._process = subprocess.Popen(
            # -P: a file in the working folder must not pass for a module of ours.
            [sys.executable, "-P", "-m", child, str(os.getpid()), str(memory_gib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
            env=_environment(),
            # Ctrl-C is for the parent to understand, and a group of its own can be killed whole.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.write(request)

    def __enter__(self) -> Handle[M]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._printed.close()

    def receive(self, timeout_s: float) -> M | None:
        """The next message, or None when none came in time or none will come: see `closed`."""
        try:
            message = self._messages.get(timeout=timeout_s)
        except queue.Empty:
            return None
        self.closed = message is None
        return message

    def write(self, line: bytes) -> None:
        """Say a line to the child."""
        assert self._process.stdin is not None
        # A child that cannot be written to is dead, and its silence will say so.
        with suppress(OSError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def kill(self) -> None:
        """End the child and every process it started. Does nothing to a dead one."""
        if self._killed:
            return
        self._killed = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()

    def log(self) -> str:
        """The end of what the child printed."""
        return self._last_words().decode(errors="replace").strip()

    def cause_of_death(self) -> tuple[str, bool]:
        """Why a child that said nothing more has ended, and whether memory was the reason."""
        code = self._process.wait()
        if any(word in self._last_words() for word in _MEMORY_WORDS):
            return "it ran out of memory", True
        if code == -signal.SIGKILL:
            return "it was killed from outside: most likely the machine ran out of memory", True
        if code < 0:
            return f"it crashed ({signal.Signals(-code).name})", False
        return f"it ended without an answer (exit code {code})", False

    def _read(self) -> None:
        assert self._process.stdout is not None
        # Half a line is what a dying child leaves, and a closed pipe is our own doing.
        with suppress(ValueError, OSError):
            for line in self._process.stdout:
                self._messages.put(self._read_line(line))
        self._messages.put(None)

    def _last_words(self) -> bytes:
        # The child writes at the file's one position, so that must not be moved.
        file = self._printed.fileno()
        return os.pread(file, _LOG_BYTES, max(0, os.fstat(file).st_size - _LOG_BYTES))


def _environment() -> dict[str, str]:
    """The child runs this very code, and its libraries do not take memory for every core."""
    path = os.pathsep.join(filter(None, [str(_SOURCE), os.environ.get("PYTHONPATH")]))
    return {
        "MALLOC_ARENA_MAX": "4",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        "PYTHONPATH": path,
    }

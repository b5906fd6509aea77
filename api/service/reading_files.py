"""Reading files: in a process of its own with little memory, for a file may be hostile.

`python -m api.service.reading_files` is that process: what to read comes in, what was read goes
out.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from allocator.forecast import Forecast
from allocator.ingest import Reading, Sources, read_files
from allocator.ingest.history import HistoryReading, read_history
from allocator.ingest.sheet_rows import sheet_rows
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solver_process.fences import die_with, limit_memory
from api.service.refusals import InvalidError

MEMORY_GIB = 4.0
SECONDS = 120.0
_SOURCE = Path(__file__).resolve().parents[2]


def read_apart(sources: Sources, policy: Policy, known: Problem, untold: frozenset[str]) -> Reading:
    """What `read_files` finds. Raises InvalidError when reading takes too much time or memory."""
    found = _apart("files", (sources, policy, known, untold))
    assert isinstance(found, Reading)
    return found


def fit_apart(
    paths: tuple[Path, ...], policy: Policy, as_of: date
) -> tuple[HistoryReading, Forecast | None]:
    """What `read_history` finds, and a forecast fitted to it. Raises InvalidError likewise."""
    reading, forecast = _apart("history", (paths, policy, as_of))
    assert isinstance(reading, HistoryReading)
    return reading, forecast


def rows_apart(path: Path, sheet: str) -> list[list[str]] | None:
    """What `sheet_rows` finds. Raises InvalidError likewise."""
    found: list[list[str]] | None = _apart("sheet", (path, sheet))
    return found


def _apart(what: str, told: tuple[Any, ...]) -> Any:
    command = [sys.executable, "-P", "-m", "api.service.reading_files", str(os.getpid())]
    path = os.pathsep.join(filter(None, [str(_SOURCE), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps((what, told)),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise InvalidError(
            "these files take more time or memory to read than any real ones do", code="too-large"
        ) from error
    # Only our own child can have written this.
    return pickle.loads(done.stdout)


def main() -> None:
    """Read a request, read its files, and say what was found."""
    die_with(int(sys.argv[1]))
    limit_memory(MEMORY_GIB)
    what, told = pickle.load(sys.stdin.buffer)
    out = os.dup(1)
    # What libraries print must not mix with the answer.
    os.dup2(2, 1)
    with os.fdopen(out, "wb") as pipe:
        pickle.dump(_READS[what](*told), pipe)


def _files(sources: Sources, policy: Policy, known: Problem, untold: frozenset[str]) -> Reading:
    return read_files(sources, policy, known=known, untold=untold)


def _history(
    paths: tuple[Path, ...], policy: Policy, as_of: date
) -> tuple[HistoryReading, Forecast | None]:
    # Loaded here: every process that reads files begins with this module, and few read a history.
    from allocator.forecast.fit import fit

    reading = read_history(paths, policy, as_of)
    forecast = None if reading.history is None else fit(reading.history, policy, as_of)
    # What the people of the past were like stays in the process that has read it.
    return replace(reading, history=None), forecast


_READS: dict[str, Callable[..., Any]] = {"files": _files, "history": _history, "sheet": sheet_rows}


if __name__ == "__main__":
    main()

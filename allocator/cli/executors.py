"""Where simulated years run: processes of this machine, or an executor that is installed by name.

The library knows no queue: whoever has one names it in the entry points `allocator.executors`.
"""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor
from importlib.metadata import entry_points
from multiprocessing import get_context
from typing import Annotated

import typer

from allocator.errors import UnreadableFile

LOCAL = "local"
GROUP = "allocator.executors"
ExecutorName = Annotated[
    str,
    typer.Option(
        help="Where years run: local, or queue=URL of a database at which workers on any "
        "number of machines wait (python -m api.years URL). The figures do not depend on it."
    ),
]


def executor_of(setting: str, workers: int) -> Executor:
    """`local`, or NAME=ADDRESS of an executor that is installed. Raises UnreadableFile."""
    name, _, address = setting.partition("=")
    if name == LOCAL and not address:
        # Spawned, because a solver's threads do not survive a fork.
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    there = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in there:
        names = ", ".join([LOCAL, *(f"{each}=ADDRESS" for each in sorted(there))])
        raise UnreadableFile(f"--executor: there is no {name!r}; there are {names}")
    found: Executor = there[name].load()(address)
    return found

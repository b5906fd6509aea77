"""Where simulated years run: processes of this machine, or an executor that is installed by name.

The library knows no queue: whoever has one names it in the entry points `allocator.executors`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Annotated

import typer

from allocator.cli.exit_codes import UNFINISHED
from allocator.cli.stopping import ended_alike
from allocator.errors import UnreadableFile
from allocator.simulate.processes import Processes

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
        return Processes(workers)
    there = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in there:
        names = ", ".join([LOCAL, *(f"{each}=ADDRESS" for each in sorted(there))])
        raise UnreadableFile(f"--executor: there is no {name!r}; there are {names}")
    found: Executor = there[name].load()(address)
    return found


@contextmanager
def running_in(setting: str, workers: int) -> Iterator[Executor]:
    """The executor while years run; Ctrl-C and SIGTERM end it at once. What was kept stays kept."""
    try:
        with ended_alike(), executor_of(setting, workers) as pool:
            yield pool
    except BrokenProcessPool:
        typer.echo(
            "A process in which years were run was ended from outside, most often because memory "
            "ran out. What was run is kept: start the command again, with fewer --workers.",
            err=True,
        )
        raise typer.Exit(UNFINISHED) from None

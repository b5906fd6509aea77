"""Simulated years as they are seen from a terminal while they run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from allocator.simulate.sweep import Told


@contextmanager
def watching_years(doing: str, count: int) -> Iterator[Told]:
    """What to tell of years that are done to: a bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, of, last: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task(doing, total=count)
        yield lambda done, of, last: bar.update(line, completed=done)

"""Simulated years as they are seen from a terminal while they run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from allocator.simulate.cell import Result
from allocator.simulate.sweep import Told

SOON_S = 10.0
"""After so long it is said how long the rest may take."""
AT_ONCE_S = 1.0
"""What is told sooner was run before, and takes no time."""


class Guess:
    """How long the rest may take, said once, from the years that have been run by then."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._begun = clock, clock()
        self._kept, self._said = 0, False

    def note(self, done: int, of: int, last: Result) -> None:
        """Take in that so many are done."""
        passed = self._clock() - self._begun
        if passed < AT_ONCE_S:
            self._kept = done
        elif passed >= SOON_S and not self._said and done < of:
            self._said = True
            left = passed / (done - self._kept) * (of - done)
            words = f"{left:.0f} s" if left < 100 else f"{left / 60:,.0f} min"
            typer.echo(f"{done} of {of} are there; the rest may take {words}.", err=True)


@contextmanager
def watching_years(doing: str, count: int) -> Iterator[Told]:
    """What to tell of years that are done to: a bar on a terminal, two lines at most in a pipe.

    Where it is stopped meanwhile, a last line says how many are kept.
    """
    there = 0
    try:
        with _shown(doing, count) as show:

            def told(done: int, of: int, last: Result) -> None:
                nonlocal there
                there = done
                show(done, of, last)

            yield told
    except KeyboardInterrupt:
        typer.echo(
            f"{doing}: {there} of {count} are kept. The same command goes on from there.", err=True
        )
        raise


@contextmanager
def _shown(doing: str, count: int) -> Iterator[Told]:
    if not sys.stderr.isatty():
        typer.echo(f"{doing}: {count} in all. What was run before is not run again.", err=True)
        yield Guess(time.monotonic).note
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

"""A solve as it is seen from a terminal: its levels while it runs, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from allocator.progress import Progress

Watch = Callable[[Progress], None]
BEST_SO_FAR = "Stopping with the best plan so far."
FIRST_PLAN = "Still starting: stopping with the first plan, as soon as there is one."


@contextmanager
def watching(verbose: bool) -> Iterator[Watch]:
    """What to tell of progress to: a table on a terminal, lines when `verbose`, else nothing."""
    if sys.stderr.isatty() and not verbose:
        board = Board()
        with Live(
            board.table(),
            console=Console(stderr=True),
            transient=True,
            get_renderable=board.table,
            refresh_per_second=4,
        ):
            yield board.note
    elif verbose:
        yield lambda progress: typer.echo(line_of(progress), err=True)
    else:
        yield lambda progress: None


class Board:
    """The last word on each level so far."""

    def __init__(self) -> None:
        self._last: dict[str, Progress] = {}

    def note(self, progress: Progress) -> None:
        """Take in what the solver says."""
        self._last[progress.level] = progress

    def table(self) -> Table:
        """Level, value, bound, seconds since the start, and a remark."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("Planning: level")
        for heading in ("value", "bound", "seconds"):
            table.add_column(heading, justify="right")
        table.add_column("", overflow="ellipsis", no_wrap=True)
        for progress in self._last.values():
            table.add_row(*(Text(cell) for cell in _cells(progress)))
        return table


def line_of(progress: Progress) -> str:
    """One line for a log: `   3.2 s  placed/1  value 12  bound 12  proven`."""
    level, value, bound, seconds, note = _cells(progress)
    return f"{seconds:>7} s  {level}  value {value}  bound {bound}  {note}".rstrip()


def _cells(progress: Progress) -> tuple[str, str, str, str, str]:
    return (
        progress.level or "preparing",
        _figure(progress.value),
        _figure(progress.bound),
        f"{progress.elapsed_s:.1f}",
        progress.note,
    )


def _figure(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


class Heard:
    """Whether the solver has come as far as to look for something better than a first plan."""

    def __init__(self) -> None:
        self._begun = False

    def planning(self) -> bool:
        """Whether a level was spoken of."""
        return self._begun

    def passing_on(self, watch: Watch) -> Watch:
        """What to tell of progress to, that tells `watch`."""

        def note(progress: Progress) -> None:
            self._begun = self._begun or bool(progress.level)
            watch(progress)

        return note


@contextmanager
def counting_interrupts(planning: Callable[[], bool]) -> Iterator[Callable[[], int]]:
    """How often Ctrl-C was pressed meanwhile. The first is answered in words.

    `planning`: whether there may be a plan by now.
    """
    count = 0

    def count_one(number: int, frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        if count == 1:
            best = BEST_SO_FAR if planning() else FIRST_PLAN
            typer.echo(f"{best} Ctrl-C again: no plan.", err=True)

    before = signal.signal(signal.SIGINT, count_one)
    try:
        yield lambda: count
    finally:
        signal.signal(signal.SIGINT, before)

"""Tables that lose nothing: as wide as they need in a pipe, stacked where a terminal is narrow."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2
"""Blanks after a column."""
NARROW_KEY = 20
"""A key that is wider folds where there is no room for it."""
_PIPE_WIDTH = 100_000
"""Wider than any table: a file has no edge."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and a cell for each row."""

    heading: str
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """Of its widest cell."""
        return max(cell_len(text) for text in (self.heading, *self.cells))


def print_stacked(title: str, keys: Sequence[Column], figures: Sequence[Column]) -> None:
    """Print them to the standard output; in a pipe the table does not depend on who reads it."""
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    if title:
        console.print(Text(title))
    for number, table in enumerate(stacked(keys, figures, console.width)):
        if number:
            console.print()
        console.print(table)


def stacked(keys: Sequence[Column], figures: Sequence[Column], width: int) -> Iterator[Table]:
    """As many tables as are needed for every figure to fit; the keys are in each of them."""
    widest = max((each.width for each in figures), default=0)
    widths = _key_widths([each.width for each in keys], width - widest - GAP)
    left = width - sum(widths) - GAP * len(widths)
    for group in _groups(figures, left):
        table = Table(
            box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold", title_style=""
        )
        for each, most in zip(keys, widths, strict=True):
            table.add_column(each.heading, overflow="fold", min_width=most, max_width=most)
        for each in group:
            table.add_column(each.heading, justify="right", no_wrap=True, min_width=each.width)
        for row in zip(*(each.cells for each in (*keys, *group)), strict=True):
            table.add_row(*map(Text, row))
        yield table


def _key_widths(widths: Sequence[int], room: int) -> list[int]:
    """Keys as wide as they are where there is room for them, else folded."""
    if sum(widths) + GAP * len(widths) <= room:
        return list(widths)
    return [min(each, NARROW_KEY) for each in widths]


def _groups(figures: Iterable[Column], room: int) -> Iterator[list[Column]]:
    """Figures side by side while there is room; one that is too wide stands alone."""
    group: list[Column] = []
    taken = 0
    for each in figures:
        if group and taken + each.width > room:
            yield group
            group, taken = [], 0
        group.append(each)
        taken += each.width + GAP
    if group:
        yield group

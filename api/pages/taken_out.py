"""Taken out: rows that a person took out of a file while mending it in a page.

They travel in the page, as the file does, so that it can be said at the end which they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

TAKEN_OUT = "taken_out"
"""The field of the form, one for each row."""
LONGEST_WHO = 60
_SAID = re.compile(rf"(\d{{1,6}}) (.{{0,{LONGEST_WHO}}})")


@dataclass(frozen=True, slots=True, order=True)
class TakenOut:
    """One row: its number in the file as it came, and whom it is about, where one is named."""

    row: int
    who: str

    @property
    def said(self) -> str:
        """As the page carries it."""
        return f"{self.row} {self.who[:LONGEST_WHO]}"


def taken_before(said: Iterable[tuple[str, Any]]) -> tuple[TakenOut, ...]:
    """Rows taken out on earlier pages, by their numbers; what is none of them is not read."""
    found: dict[int, TakenOut] = {}
    for name, value in said:
        if name != TAKEN_OUT or not isinstance(value, str):
            continue
        if (read := _SAID.fullmatch(value)) is not None:
            found[int(read.group(1))] = TakenOut(int(read.group(1)), read.group(2))
    return tuple(sorted(found.values()))


def as_it_came(row: int, before: Sequence[TakenOut]) -> int:
    """The number that this row had before those above it were taken out."""
    for each in sorted(before):
        if each.row <= row:
            row += 1
    return row

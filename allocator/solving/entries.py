"""Entries of a sparse matrix, gathered in any order and added up where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """A matrix row by row, each row between a lower and an upper value."""

    start: npt.NDArray[np.int32]
    index: npt.NDArray[np.int32]
    value: Floats
    lower: Floats
    upper: Floats


class Entries:
    """Entries so far, for a matrix of so many rows."""

    def __init__(self, rows: int) -> None:
        self.count = rows
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []

    def put(self, row: Ints, column: Ints, value: float) -> None:
        """The same value at each pair of row and column."""
        self._row.append(row)
        self._column.append(column)
        self._value.append(np.full(len(row), value))

    def put_row(self, row: int, columns: Ints, values: Ints) -> None:
        """Values at these columns of one row."""
        self._row.append(np.full(len(columns), row, dtype=np.int64))
        self._column.append(columns)
        self._value.append(values.astype(np.float64))

    def rows(self, lower: Floats, upper: Floats) -> Rows:
        """The matrix."""
        row, column = np.concatenate(self._row), np.concatenate(self._column)
        place = row * (int(column.max(initial=0)) + 1) + column
        order = np.argsort(place, kind="stable")
        # Someone who sleeps alone in a room of alike beds is in one row more than once.
        heads = np.flatnonzero(np.diff(place[order], prepend=-1))
        value = np.add.reduceat(np.concatenate(self._value)[order], heads)
        row, index = row[order[heads]], column[order[heads]].astype(np.int32)
        start = np.searchsorted(row, np.arange(self.count + 1)).astype(np.int32)
        return Rows(start, index, value, lower, upper)

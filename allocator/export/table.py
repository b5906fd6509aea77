"""Table: named columns over records, written alike to CSV and to a sheet of a workbook."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from allocator.export.safe_text import safe_for_csv

BYTE_ORDER_MARK = codecs.BOM_UTF8
Cell = str | int | float | date | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A heading, how wide a sheet shows it (characters), and its value for one record."""

    heading: str
    width: int
    of: Callable[[T], Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows, all of one length."""

    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[Column[T]], records: Iterable[T]) -> Table:
        """One row a record, in the order given."""
        return cls(
            tuple(column.heading for column in columns),
            tuple(column.width for column in columns),
            tuple(tuple(column.of(record) for column in columns) for record in records),
        )

    def to_csv(self) -> bytes:
        """The table as `csv_bytes` writes it."""
        return csv_bytes([self.headings, *self.rows])


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark, which Excel needs to read it as UTF-8; dates as ISO.

    The first row holds the headings.
    """
    return BYTE_ORDER_MARK + csv_rows(rows)


def csv_rows(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows of the same, to follow others."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_for_csv(cell) for cell in row] for row in rows)
    return text.getvalue().encode(errors="replace")


def yes_no(value: bool) -> str:
    """How a yes or no is written in every file."""
    return "yes" if value else "no"


def _for_csv(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return safe_for_csv(cell) if isinstance(cell, str) else cell

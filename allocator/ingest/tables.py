"""Tables: the text of a CSV file or of a workbook's sheets, with the file's row numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from allocator.ingest import limits
from allocator.ingest.complaints import FileRefusedError, Place

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Table:
    """A header and the rows below it. `rows` can be taken once; blank rows are not given."""

    place: Place
    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    epoch: date | None = None
    """Day 0 of serial dates; None where a bare number is no date."""
    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells (row, column from 0) that hold no value that can be read, and why."""
    about: str = ""
    """How the file was read, where that was a choice."""


def open_tables(path: Path) -> list[Table]:
    """The tables of a file: one for CSV, one for each sheet with rows of a workbook.

    Raises FileRefusedError when there is nothing to read or it is beyond the limits.
    """
    from allocator.ingest.csv_file import open_csv
    from allocator.ingest.workbook import open_workbook

    data = read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return open_workbook(data, path.name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefusedError(
            "is an old Excel file, or one with a password",
            "save it as an Excel workbook (.xlsx) without a password, or as CSV",
        )
    return [open_csv(data, path.name)]


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises FileRefusedError as soon as it turns out to be too large."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
    except OSError as error:
        raise FileRefusedError(
            f"cannot be read ({error.strerror})", "check the name and the folder"
        ) from error
    if len(data) > limits.FILE_BYTES:
        raise FileRefusedError(
            f"is larger than {limits.FILE_BYTES // limits.MIB} MiB",
            "take out what is not needed, or split the file",
        )
    return data


def numbered(rows: Iterator[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with their numbers from 1, without blank ones, as long as they are within the limits."""
    for number, row in enumerate(rows, start=1):
        if number > limits.ROWS + 1:
            raise FileRefusedError(
                f"has more than {limits.ROWS} rows", "split the file", row=number
            )
        if len(row) > limits.COLUMNS:
            raise FileRefusedError(
                f"has more than {limits.COLUMNS} columns",
                "delete the columns that are not needed",
                row=number,
            )
        cells = [_cell(cell, number) for cell in row]
        if any(cells):
            yield number, cells


def with_header(
    place: Place, rows: Iterator[tuple[int, Sequence[str]]]
) -> tuple[tuple[str, ...], Iterator[tuple[int, Sequence[str]]]]:
    """The first row that is not blank, and the rows after it."""
    first = next(rows, None)
    if first is None:
        raise FileRefusedError("is empty", "the first row must name the columns")
    names = list(first[1])
    while not names[-1]:  # a workbook's rows are all as long as its longest
        names.pop()
    return tuple(names), rows


def _cell(text: str, row: int) -> str:
    """The cell trimmed, without the apostrophe that keeps a spreadsheet from running it."""
    if len(text) > limits.CELL_CHARACTERS:
        raise FileRefusedError(
            f"has a cell of more than {limits.CELL_CHARACTERS} characters",
            "shorten the cell; in a CSV file, look for a quotation mark that is never closed",
            row=row,
        )
    if text.startswith("'") and text[1:].startswith(_DANGEROUS):
        text = text[1:]
    return text.strip()

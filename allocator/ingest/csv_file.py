"""CSV files: encoding and delimiter in a fixed order, never guessed from the contents' meaning."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from allocator.ingest.complaints import FileRefusedError, Place
from allocator.ingest.tables import Table, numbered, with_header

_DELIMITERS = ",;\t"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WINDOWS = "read as Windows-1252, because it is not UTF-8"


def open_csv(data: bytes, name: str) -> Table:
    """The table of a CSV file. Raises FileRefusedError when it is not text."""
    text, about = decode(data)
    place = Place(name)
    rows = numbered(_records(text, delimiter_of(text)))
    header, rest = with_header(place, rows)
    return Table(place, header, rest, about=about)


def decode(data: bytes) -> tuple[str, str]:
    """The text, and how it was read where that was a choice: UTF-16, then UTF-8, then Windows."""
    try:
        if data.startswith(_UTF16_MARKS):
            return _text(data.decode("utf-16")), ""
        try:
            return _text(data.decode("utf-8-sig")), ""
        except UnicodeDecodeError:
            return _text(data.decode("cp1252")), WINDOWS
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            "is not a text file", "save it as CSV (UTF-8) or as .xlsx"
        ) from error


def delimiter_of(text: str) -> str:
    """The one of comma, semicolon and tab that cuts the header into the most columns."""
    return max(_DELIMITERS, key=lambda mark: len(_header(text, mark)))


def _header(text: str, delimiter: str) -> Sequence[str]:
    return next((row for row in _records(text, delimiter) if any(row)), [])


def _records(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise FileRefusedError(
            f"cannot be read as CSV near line {reader.line_num} ({error})",
            "look for a quotation mark that is never closed",
        ) from error


def _text(text: str) -> str:
    if "\0" in text:
        raise FileRefusedError("is not a text file", "save it as CSV (UTF-8) or as .xlsx")
    return text

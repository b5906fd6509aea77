"""XLSX workbooks: every sheet that has rows, each cell as the text a person would type."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from allocator.ingest.complaints import FileRefusedError, Place
from allocator.ingest.tables import Table, numbered, with_header
from allocator.ingest.workbook_guard import inspect


def open_workbook(data: bytes, name: str) -> list[Table]:
    """A table for each sheet with rows. Raises FileRefusedError when it is unsound."""
    inspection = inspect(data)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (sheet.name, book.get_sheet_by_name(sheet.name))
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except CalamineError as error:
        raise FileRefusedError(
            "is not a sound Excel workbook", "save it again, or as CSV"
        ) from error
    tables = []
    for title, sheet in sheets:
        if sheet.start is None:
            continue
        place = Place(name, title)
        header, rows = with_header(place, numbered(_rows(sheet)))
        tables.append(Table(place, header, rows, inspection.epoch, inspection.unread_on(title)))
    if not tables:
        raise FileRefusedError("has no rows", "the first row must name the columns")
    return tables


def text_of(value: object) -> str:
    """A cell's value as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _rows(sheet: Any) -> Iterator[Sequence[str]]:
    """Rows from the first, with the blank columns on the left that the reader drops."""
    margin = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield margin + [text_of(value) for value in row]

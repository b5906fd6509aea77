"""plan.xlsx: every table of a plan in one workbook, with no formula and no link in it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from allocator.export.table import Cell, Table

LONGEST_CELL = 32_767
"""Characters Excel holds in one cell; XlsxWriter leaves a longer one out without a word."""
FIRST_YEAR = 1900
"""Excel has no dates before it."""
CUT = " … (cut: too long for a cell)"

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "default_date_format": "dd/mm/yyyy",
}


def workbook_bytes(sheets: Mapping[str, Table], made: date) -> bytes:
    """The workbook, one sheet a table in the order given; equal tables give equal bytes."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, _OPTIONS)
    # The library would take the clock.
    workbook.set_properties({"created": datetime.combine(made, time())})
    heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for name, table in sheets.items():
        _fill(workbook.add_worksheet(name), table, heading)
    workbook.close()
    return file.getvalue()


def _fill(sheet: Worksheet, table: Table, heading: Format) -> None:
    for column, (text, width) in enumerate(zip(table.headings, table.widths, strict=True)):
        sheet.write_string(0, column, text, heading)
        sheet.set_column(column, column, width)
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    """Each kind by its own call: the general one guesses formulas and links from text."""
    if isinstance(cell, str):
        sheet.write_string(row, column, _short(cell))
    elif isinstance(cell, date) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_string(row, column, cell.isoformat())
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _short(text: str) -> str:
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT

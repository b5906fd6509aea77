"""Templates: an empty file of each layout with one synthetic example row, and its columns in words.

What a template says and what docs/formats.md says come from the same place, the row models.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from allocator.ingest.layout import SYNTHETIC, Layout
from allocator.whole_file import write_whole

EXPLAINED = ("column", "meaning", "values", "required", "blank means")
SHEET_OF_COLUMNS = "Columns"
_WIDTH = 22


def header_of(layout: Layout[Any]) -> tuple[str, ...]:
    """Every column of the layout, and the mark of invented data."""
    return (*layout.all_columns, SYNTHETIC)


def example_of(layout: Layout[Any]) -> list[str]:
    """One invented row; it says so, and marks the problem if it is left in."""
    cells = {(column.name or field): column.example for field, column in layout.columns.items()}
    cells |= dict.fromkeys(layout.flags, "NO") | {SYNTHETIC: "YES"}
    return [cells.get(name, "") for name in header_of(layout)]


def explained(layout: Layout[Any]) -> list[tuple[str, ...]]:
    """Name, meaning, values, whether it is required, and what blank means, for each column read."""
    rows: list[tuple[str, ...]] = [
        (name, column.meaning, column.values, "yes" if name in layout.required else "no", blank)
        for field, column in layout.columns.items()
        for name, blank in [(column.name or field, column.blank)]
    ]
    if layout.flags:
        flags = ", ".join(layout.flags)
        rows.append((flags, "the characteristic of that name", "YES, NO", "no", "NO"))
    return rows


def markdown(layout: Layout[Any]) -> str:
    """The columns as a table for the documents."""
    lines = [f"| {' | '.join(EXPLAINED)} |", "|" + "---|" * len(EXPLAINED)]
    for name, *rest in explained(layout):
        names = ", ".join(f"`{part}`" for part in name.split(", "))
        lines.append(f"| {names} | {' | '.join(rest)} |")
    return "\n".join(lines)


def write_template(layout: Layout[Any], path: Path) -> None:
    """An Excel workbook for a name that ends in .xlsx, else CSV. Raises OSError."""
    is_workbook = path.suffix.casefold() == ".xlsx"
    write_whole(path, _workbook(layout) if is_workbook else _csv(layout))


def _csv(layout: Layout[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header_of(layout), example_of(layout)])
    return text.getvalue().encode("utf-8-sig")  # Excel needs the mark


def _workbook(layout: Layout[Any]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        # As text, so that Excel keeps 0012 and does not turn dates about.
        as_text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(layout.title[:31])
        sheet.set_column(0, len(header_of(layout)) - 1, _WIDTH, as_text)
        for row, cells in enumerate((header_of(layout), example_of(layout))):
            sheet.write_row(row, 0, cells, as_text)
        sheet.freeze_panes(1, 0)
        columns = book.add_worksheet(SHEET_OF_COLUMNS)
        columns.set_column(0, len(EXPLAINED) - 1, 2 * _WIDTH)
        for row, line in enumerate((EXPLAINED, *explained(layout))):
            columns.write_row(row, 0, line)
    return file.getvalue()

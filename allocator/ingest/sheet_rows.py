"""Sheet rows: one sheet of a workbook as rows of text, to be mended and read again as CSV."""

from __future__ import annotations

from pathlib import Path

from allocator.ingest.complaints import FileRefusedError
from allocator.ingest.tables import open_tables


def sheet_rows(path: Path, sheet: str) -> list[list[str]] | None:
    """The sheet's rows at the numbers that they have in it, the header first.

    None where it cannot be read as text alone: a formula without a value would read as blank.
    """
    try:
        tables = [each for each in open_tables(path) if each.place.sheet == sheet]
        if len(tables) != 1 or tables[0].unread:
            return None
        rows = [list(tables[0].header)]
        for number, cells in tables[0].rows:
            rows += [[] for _ in range(number - len(rows) - 1)]
            rows.append(list(cells))
    except FileRefusedError:
        return None
    return rows

"""CSV files as coordinators have them: UTF-8 with a byte-order mark, blank for not known."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

Cell = str | int | float | bool | date | None


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table; yes/no as YES and NO, dates as 2026-05-01."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_text(cell) for cell in row] for row in rows)


def listed(words: Iterable[str]) -> str:
    """Words in one cell, in order; NONE when there are none."""
    return ";".join(sorted(words)) or "NONE"


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "YES" if cell else "NO"
    return cell.isoformat() if isinstance(cell, date) else str(cell)

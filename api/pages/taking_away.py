"""Taking away: a table of a page as a CSV file, for whoever may see it, and logged as given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from allocator.export.table import Cell, csv_bytes
from api.pages.visit import Visit
from api.service.refusals import InvalidError

MOST_ROWS = 100_000
"""Rows of one file. A list with more has filters."""


def taken_away(
    visit: Visit,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    seen: Iterable[str] = (),
) -> Response:
    """The file, once it is written that it was given. `seen`: whose records are in it.

    Text in it can be no formula. Its name has the day.
    """
    visit.log(seen, "disclosure")
    called = f"{name}-{visit.register.clock.today()}.csv"
    return as_download(csv_bytes([headings, *rows]), called)


def as_download(content: bytes, called: str) -> Response:
    """CSV that a browser keeps as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def require_few(number: int) -> None:
    """Raise InvalidError where a list is longer than a file may be."""
    if number > MOST_ROWS:
        raise InvalidError(
            f"A file has at most {MOST_ROWS:,} rows, and these are {number:,}: set a filter first."
        )

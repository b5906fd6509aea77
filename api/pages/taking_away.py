"""Taking away: a table of a page as a CSV file, for whoever may see it, and logged as given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from fastapi.responses import Response, StreamingResponse

from allocator.export.table import Cell, csv_bytes, csv_rows
from api.pages.visit import Visit
from api.service.refusals import InvalidError

_CSV = "text/csv; charset=utf-8"
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
    content = csv_bytes([headings, *rows])
    return Response(content, media_type=_CSV, headers=_headers(_called(visit, name)))


def streamed_away(
    visit: Visit,
    name: str,
    headings: Sequence[str],
    pages: Iterable[Iterable[Sequence[Cell]]],
    seen: Iterable[str] = (),
) -> Response:
    """The same of a list too long to be held whole: a page at a time, as it is sent."""
    visit.log(seen, "disclosure")
    parts = chain([csv_bytes([headings])], map(csv_rows, pages))
    return StreamingResponse(parts, media_type=_CSV, headers=_headers(_called(visit, name)))


def _called(visit: Visit, name: str) -> str:
    return f"{name}-{visit.register.clock.today()}.csv"


def _headers(called: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{called}"'}


def require_few(number: int) -> None:
    """Raise InvalidError where a list is longer than a file may be."""
    if number > MOST_ROWS:
        raise InvalidError(
            f"A file has at most {MOST_ROWS:,} rows, and these are {number:,}: set a filter first."
        )

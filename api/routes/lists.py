"""Lists: pages of records in a stable order, a cursor at a time."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from api.store.values import Row
from api.wire.shown import Page
from api.work.refusals import InvalidError

T = TypeVar("T")


def page(rows: Sequence[Row], limit: int, after: str | None, show: Callable[[Row], T]) -> Page[T]:
    """The next `limit` rows after the cursor; rows are in their order already.

    The cursor is the id of the last record seen, so that what comes in between is not seen twice.
    """
    start = 0
    if after is not None:
        last = _id_of(after)
        start = next((n for n, row in enumerate(rows, 1) if row["id"] == last), -1)
        if start < 0:
            raise InvalidError("after is no cursor of this list: begin again without it")
    some = rows[start : start + limit]
    more = start + limit < len(rows)
    return Page(
        records=[show(row) for row in some],
        after=_cursor(some[-1]["id"]) if more and some else None,
        total=len(rows),
    )


def ordered(rows: list[Row], sort: str, keys: dict[str, Callable[[Row], Any]]) -> list[Row]:
    """Rows by one of these keys; a minus in front turns it round; the id decides among equals."""
    name = sort.removeprefix("-")
    if name not in keys:
        raise InvalidError(f"sort must be one of {', '.join(sorted(keys))}, with - to turn it")
    rows = sorted(rows, key=lambda row: str(row["id"]))
    return sorted(rows, key=keys[name], reverse=sort.startswith("-"))


def _cursor(identifier: str) -> str:
    return urlsafe_b64encode(identifier.encode()).decode().rstrip("=")


def _id_of(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise InvalidError("after is no cursor of this list: begin again without it") from error

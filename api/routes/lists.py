"""Lists: pages of records in a stable order, a cursor at a time."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from api.service.refusals import InvalidError
from api.store.values import Row
from api.wire.shown import Page

T = TypeVar("T")
Key = list[Any]


def page(
    rows: Sequence[Row],
    order: Sequence[str],
    limit: int,
    after: str | None,
    show: Callable[[Row], T],
) -> Page[T]:
    """The next `limit` rows after the cursor, by these fields; a minus in front turns one round.

    The cursor holds where the last record seen stood, and not which it was: nobody is left out or
    seen twice when records come and go between two pages.
    """
    fields = [*order, "id"]
    keyed = sorted(((_key(row, fields), row) for row in rows), key=lambda each: each[0])
    keys = [key for key, _ in keyed]
    start = 0 if after is None else bisect_right(keys, _read(after, keys))
    some = [row for _, row in keyed[start : start + limit]]
    more = start + limit < len(rows)
    return Page(
        records=[show(row) for row in some],
        after=_written(keys[start + limit - 1]) if more else None,
        total=len(rows),
    )


def order_of(sort: str, known: Collection[str]) -> list[str]:
    """The order that a request asks for by one of the known fields."""
    if sort.removeprefix("-") not in known:
        raise InvalidError(f"sort must be one of {', '.join(sorted(known))}, with - to turn it")
    return [sort]


def _key(row: Row, fields: Sequence[str]) -> Key:
    return [_place(row[field.removeprefix("-")], field.startswith("-")) for field in fields]


def _place(value: Any, turned: bool) -> Any:
    """What a value is compared by, in a form that JSON can hold."""
    if isinstance(value, datetime):
        value = value.timestamp()
    elif isinstance(value, date):
        value = value.toordinal()
    elif isinstance(value, str):
        # The 0 at the end puts a word after those that go on from it.
        return [*(-ord(letter) for letter in value), 0] if turned else value
    return -value if turned else value


def _written(key: Key) -> str:
    return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[Key]) -> Key:
    """The key in a cursor. Raises InvalidError when it is of another list's shape."""
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(key, list) and (not keys or (len(key) == len(keys[0]) and key <= key)):
            bisect_right(keys, key)
            return key
    except (ValueError, TypeError, RecursionError):
        pass
    raise InvalidError("after is no cursor of this list: begin again without it")

"""Rows as JSON and back: dates and moments as text, the same text for the same row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, Table

from api.store.columns import Moment

Row = dict[str, Any]


def as_json(row: Mapping[str, Any]) -> Row:
    """The row with dates and moments written out."""
    return {name: _written(value) for name, value in row.items()}


def from_json(table: Table, row: Mapping[str, Any]) -> Row:
    """The row as the table takes it."""
    return {name: _read(table, name, value) for name, value in row.items()}


def canonical(value: object) -> bytes:
    """The one text of a JSON value. Raises ValueError for what is no JSON."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )
    return text.encode("utf-8", "surrogatepass")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written_moment(moment: datetime) -> str:
    """ISO in UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return written_moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

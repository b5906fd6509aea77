"""Look: every row of the register as it lies in the file, read by the plain driver."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Any

from api.store.tables import METADATA

Rows = dict[str, dict[tuple[Any, ...], sqlite3.Row]]
TIMELINES = ("events", "event_payloads", "access_log", "run_documents")
"""Read by their ends: they only grow, and `verify` reads them whole when the stream is over."""
_KEYS = {
    table.name: tuple(column.name for column in table.primary_key)
    for table in METADATA.sorted_tables
    if table.name not in TIMELINES
}


def look(connection: sqlite3.Connection) -> Rows:
    """All rows by table and key."""
    found: Rows = {}
    for name, keys in _KEYS.items():
        rows = connection.execute(f"SELECT * FROM {name}").fetchall()
        found[name] = {tuple(row[key] for key in keys): row for row in rows}
    for name in TIMELINES:
        order = "hash" if name == "run_documents" else "seq"
        sums = f"SELECT '{name}' AS it, count(*) AS many, max({order}) AS last FROM {name}"
        found[name] = {(): connection.execute(sums).fetchone()}
    last = "SELECT hash, seq FROM events ORDER BY seq DESC LIMIT 1"
    found["head"] = {(): connection.execute(last).fetchone()}
    return found


def difference(before: Rows, after: Rows) -> str:
    """The tables that differ; empty when every row is equal."""
    return ", ".join(name for name, rows in before.items() if rows != after[name])


def head(rows: Rows) -> int:
    """The number of the last event."""
    found: int = rows["head"][()]["seq"]
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

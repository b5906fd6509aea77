"""Verify triggers: what keeps the timeline and the access log append-only is in its place."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

PROTECTED = ("events", "access_log")
_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
# A trigger that is switched off is as good as none.
_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"


def trigger_faults(connection: Connection) -> Iterator[str]:
    """Each table of which rows could be altered. It need not have happened: the chain says that."""
    on_sqlite = connection.dialect.name == "sqlite"
    there = set(connection.execute(text(_SQLITE if on_sqlite else _POSTGRESQL)).scalars())
    for table in PROTECTED:
        suffixes = ("no_update", "no_delete") if on_sqlite else ("append_only",)
        missing = [f"{table}_{each}" for each in suffixes if f"{table}_{each}" not in there]
        if missing:
            names = " and ".join(missing)
            yield f"rows of {table} can be altered: the database has no trigger {names}"

"""Database: one engine, and the two ways in: reading, and changing under the one lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

LOCK = 7_203_411
"""Key of the advisory lock that every change takes on PostgreSQL."""
LOCK_WAIT_MS = 15_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # NORMAL can lose what was acknowledged when the power goes.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Without it INSERT OR REPLACE passes by the triggers that keep the timeline append-only.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA secure_delete=ON",
)


class Database:
    """Connections to the register. Raises SQLAlchemy's OperationalError when it is not there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """One transaction under the lock; committed when the block ends without an exception."""
        with self.engine.connect() as connection:
            connection.execution_options(changing=True)
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                yield connection

    def check(self) -> None:
        """Raise when the database does not answer."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1 FROM events WHERE seq < 0"))

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        # The driver begins transactions too late and as readers: we begin them ourselves.
        connection.isolation_level = None
        for pragma in (*_PRAGMAS, f"PRAGMA busy_timeout={LOCK_WAIT_MS}"):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        changing = connection.get_execution_options().get("changing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if changing else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    settings = f"-c lock_timeout={LOCK_WAIT_MS} -c idle_in_transaction_session_timeout=120000"
    return create_engine(url, pool_pre_ping=True, connect_args={"options": settings})

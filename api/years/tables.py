"""The one table: a row a cell, with who works on it and what came of it."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text

METADATA = MetaData()
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

CELLS = Table(
    "simulated_cells",
    METADATA,
    Column("key", String(64), primary_key=True),  # SHA-256 of all that the figures depend on
    Column("cell", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("worker", String(200), nullable=False),
    Column("lease_until", Float, nullable=False),  # seconds since 1970, UTC
    Column("result", Text),
    Column("fault", Text),
)

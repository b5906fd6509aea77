"""Marks: what is so of the whole register, from the first time that a file said it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from api.store.tables import MARKS

SYNTHETIC = "synthetic"
"""Some file said that its people are invented. They cannot be told from others, so it stays."""


def is_synthetic(connection: Connection) -> bool:
    """Whether the register holds invented people."""
    wanted = select(MARKS.c.id).where(MARKS.c.id == SYNTHETIC)
    return connection.execute(wanted).first() is not None

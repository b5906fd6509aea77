"""Asked by: what the person is called who asked for a record, as the timeline has it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from api.store.tables import EVENTS


def asked_by(connection: Connection, kind: str, identifier: str) -> str | None:
    """The name of who began a record; None: the timeline has no such record."""
    mine = (EVENTS.c.kind == kind) & (EVENTS.c.subject == identifier)
    first = select(EVENTS.c.actor_name).where(mine).order_by(EVENTS.c.seq).limit(1)
    found = connection.execute(first).scalar()
    return None if found is None else str(found)

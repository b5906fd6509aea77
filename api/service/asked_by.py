"""Asked by: who asked for records, and who called one off, by name, as the timeline has it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from api.store.tables import EVENTS


def asked_by(connection: Connection, kind: str, identifiers: Collection[str]) -> dict[str, str]:
    """By id, the name of who began each record; those that the timeline does not have are left out.

    One query, however many they are.
    """
    mine = (EVENTS.c.kind == kind) & EVENTS.c.subject.in_(sorted(identifiers))
    first = select(func.min(EVENTS.c.seq)).where(mine).group_by(EVENTS.c.subject)
    wanted = select(EVENTS.c.subject, EVENTS.c.actor_name).where(EVENTS.c.seq.in_(first))
    return {str(name): str(who) for name, who in connection.execute(wanted)}


def called_off(connection: Connection, kind: str, identifier: str) -> str:
    """The name of who called it off; empty where nobody has."""
    mine = (EVENTS.c.kind == kind) & (EVENTS.c.subject == identifier)
    actions = [f"{kind}.cancel_asked", f"{kind}.cancelled"]
    first = select(EVENTS.c.actor_name).where(mine, EVENTS.c.action.in_(actions))
    return str(connection.execute(first.order_by(EVENTS.c.seq).limit(1)).scalar() or "")

"""Chain: events that cannot be altered, dropped or put in between without a trace.

Each carries the hash of the one before. Cutting off the end, or writing all anew, shows only
against a head kept elsewhere: `verify` takes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from api.store.tables import ACCESS_LOG, EVENT_PAYLOADS, EVENTS
from api.store.values import Row, canonical, sha256, written_moment

FIRST = "0" * 64
"""What the first link has for the hash before it."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to become an event."""

    action: str
    kind: str
    subject: str
    payload: Row


def append(
    connection: Connection,
    happenings: Sequence[Happening],
    *,
    at: datetime,
    actor_id: str,
    actor_name: str,
) -> list[int]:
    """Write events at the end of the timeline; their numbers. The caller has the lock."""
    seq, prev = head(connection, EVENTS)
    links: list[Row] = []
    payloads: list[Row] = []
    for happening in happenings:
        seq += 1
        link: Row = {
            "seq": seq,
            "at": at,
            "actor_id": actor_id,
            "actor_name": actor_name,
            "action": happening.action,
            "kind": happening.kind,
            "subject": happening.subject,
            "payload_hash": sha256(canonical(happening.payload)),
        }
        prev = _linked(link, prev)
        links.append(link)
        payloads.append({"seq": seq, "payload": happening.payload})
    if links:
        connection.execute(insert(EVENTS), links)
        connection.execute(insert(EVENT_PAYLOADS), payloads)
    return [link["seq"] for link in links]


def log_access(
    connection: Connection,
    *,
    at: datetime,
    actor_id: str,
    actor_name: str,
    verb: str,
    what: str,
    subjects: Iterable[str],
) -> None:
    """Write who saw or disclosed what. The caller has the lock."""
    seq, prev = head(connection, ACCESS_LOG)
    link: Row = {
        "seq": seq + 1,
        "at": at,
        "actor_id": actor_id,
        "actor_name": actor_name,
        "verb": verb,
        "what": what,
        "subjects": list(subjects),
    }
    _linked(link, prev)
    connection.execute(insert(ACCESS_LOG), [link])


def head(connection: Connection, table: Table) -> tuple[int, str]:
    """Number and hash of the last link; 0 and `FIRST` where there is none."""
    last = select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)
    found = connection.execute(last).first()
    return (0, FIRST) if found is None else (int(found.seq), str(found.hash))


def broken_link(link: Row, prev: str) -> str | None:
    """What is wrong with a link that should follow the hash `prev`, or None."""
    if link["prev"] != prev:
        return "does not follow the one before it"
    content = {name: value for name, value in link.items() if name not in ("prev", "hash")}
    if link["hash"] != _hash(content, prev):
        return "is not what it was when it was written"
    return None


def _linked(link: Row, prev: str) -> str:
    link["hash"] = _hash(link, prev)
    link["prev"] = prev
    return str(link["hash"])


def _hash(content: Row, prev: str) -> str:
    written: dict[str, Any] = {**content, "at": written_moment(content["at"])}
    return sha256(prev.encode() + canonical(written))

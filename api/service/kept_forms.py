"""Kept forms: what somebody was about to send when their session ended, until they are back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import Connection, delete, insert, select

from api.access.actor import Actor
from api.service.change import Change
from api.service.new_id import new_id
from api.service.sessions import KNOWN_AFTER, LONGEST_PATH
from api.store.tables import KEPT_FORMS
from api.store.values import Row

MOST_CHARACTERS = 200_000
"""Of one form; a longer one is not kept."""
MOST_FORMS = 10
"""Of one person; the oldest goes when another comes."""
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that came when the session had ended: what it was for, and what was in it."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    at: datetime


def keep_form(change: Change, path: str, fields: Fields) -> int | None:
    """Keep what the actor sent too late: how many older ones went for it, or None if it cannot be
    kept. What is kept already, sent once more, stays one form."""
    if len(path) > LONGEST_PATH or sum(len(n) + len(v) for n, v in fields) > MOST_CHARACTERS:
        return None
    before = kept_forms(change.connection, change.actor, change.at)
    same = [each for each in before if (each.path, each.fields) == (path, tuple(fields))]
    others = [each for each in before if each not in same]
    too_many = others[MOST_FORMS - 1 :]
    for each in (*same, *too_many):
        take_form(change, each.id)
    row = {
        "id": new_id(),
        "actor_id": change.actor.id,
        "path": path,
        "fields": [list(pair) for pair in fields],
        "at": change.at,
    }
    change.connection.execute(insert(KEPT_FORMS), [row])
    return len(too_many)


def kept_forms(connection: Connection, actor: Actor, now: datetime) -> tuple[Kept, ...]:
    """What is kept for somebody and not too old, the newest first."""
    wanted = (
        select(KEPT_FORMS)
        .where(KEPT_FORMS.c.actor_id == actor.id, KEPT_FORMS.c.at >= now - KNOWN_AFTER)
        .order_by(KEPT_FORMS.c.at.desc(), KEPT_FORMS.c.id)
    )
    return tuple(
        Kept(row["id"], row["path"], tuple((n, v) for n, v in row["fields"]), row["at"])
        for row in connection.execute(wanted).mappings()
    )


def take_form(change: Change, identifier: str) -> None:
    """A form of the actor's was sent again, or is not wanted any more."""
    mine = (KEPT_FORMS.c.actor_id == change.actor.id) & (KEPT_FORMS.c.id == identifier)
    change.connection.execute(delete(KEPT_FORMS).where(mine))


def forget_forms_of(change: Change, marks: Collection[str]) -> None:
    """Delete every kept form that holds one of these, in any case: somebody is erased."""
    wanted = [mark.casefold() for mark in marks]
    rows = change.connection.execute(select(KEPT_FORMS)).mappings().all()
    named = [
        row["id"]
        for row in rows
        if any(mark in text.casefold() for mark in wanted for text in _texts(dict(row)))
    ]
    change.connection.execute(delete(KEPT_FORMS).where(KEPT_FORMS.c.id.in_(named)))


def _texts(form: Row) -> list[str]:
    """All that a kept form says; an id may stand in its path as an address has it."""
    said = [text for pair in form["fields"] for text in pair]
    return [form["path"], unquote(form["path"]), *said]

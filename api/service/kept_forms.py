"""Kept forms: what somebody was about to send when their session ended, until they are back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select

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
_OUTLINE = KEPT_FORMS.c.id, KEPT_FORMS.c.path, KEPT_FORMS.c.at
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """That a form came when the session had ended, and what it was for."""

    id: str
    path: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptForm(Kept):
    """The same, and what was in it."""

    fields: tuple[tuple[str, str], ...]


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


def kept_forms(connection: Connection, actor: Actor, now: datetime) -> tuple[KeptForm, ...]:
    """What is kept for somebody and not too old, the newest first."""
    rows = connection.execute(_kept_for(actor, now, *_OUTLINE, KEPT_FORMS.c.fields))
    return tuple(
        KeptForm(row.id, row.path, row.at, tuple((n, v) for n, v in row.fields)) for row in rows
    )


def kept_outlines(connection: Connection, actor: Actor, now: datetime) -> tuple[Kept, ...]:
    """The same without what is in them, which may be long: for every page."""
    rows = connection.execute(_kept_for(actor, now, *_OUTLINE))
    return tuple(Kept(*row) for row in rows)


def _kept_for(actor: Actor, now: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
    mine = KEPT_FORMS.c.actor_id == actor.id, KEPT_FORMS.c.at >= now - KNOWN_AFTER
    return select(*columns).where(*mine).order_by(KEPT_FORMS.c.at.desc(), KEPT_FORMS.c.id)


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

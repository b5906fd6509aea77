"""Oversight lists: the access log and the timeline of the register, newest first, by filters."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, Table, and_, cast, func, or_, select

from api.service.person_events import OfPerson
from api.service.register import Register
from api.store.tables import ACCESS_LOG, EVENTS
from api.store.values import Row

_LONDON = ZoneInfo("Europe/London")
AT_ONCE = 1_000
"""Entries in one page of a file."""
COLUMNS = {
    "actor": "actor_id",
    "verb": "verb",
    "what": "what",
    "kind": "kind",
    "action": "action",
}
"""By filter, the column that must hold exactly this."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries. `words`: by filter, what its column holds; days are of London, both included.

    `subject`: the id of a record, or empty; `theirs`: the records of the same person, of which
    the timeline tells besides.
    """

    words: dict[str, str]
    subject: str = ""
    theirs: OfPerson = field(default_factory=dict)
    first: date | None = None
    last: date | None = None


def entries(
    connection: Connection,
    log: Table,
    wanted: Wanted,
    *,
    limit: int,
    offset: int = 0,
    before: int | None = None,
) -> list[Row]:
    """A page of the log, the newest first; of those older than the entry `before`, if any."""
    older = [] if before is None else [log.c.seq < before]
    found = (
        (select(log).where(*older, *_conditions(log, wanted)).order_by(log.c.seq.desc()))
        .limit(limit)
        .offset(offset)
    )
    return [dict(row) for row in connection.execute(found).mappings()]


def in_pages(register: Register, log: Table, wanted: Wanted) -> Iterator[list[Row]]:
    """Every entry that there is by now, the newest first, each page read by itself.

    No view of the register is held from one page to the next.
    """
    with register.reading() as connection:
        before = int(connection.execute(select(func.max(log.c.seq))).scalar() or 0) + 1
    return _pages(register, log, wanted, before)


def _pages(register: Register, log: Table, wanted: Wanted, before: int) -> Iterator[list[Row]]:
    while True:
        with register.reading() as connection:
            rows = entries(connection, log, wanted, limit=AT_ONCE, before=before)
        if not rows:
            return
        yield rows
        before = rows[-1]["seq"]


def how_many(connection: Connection, log: Table, wanted: Wanted) -> int:
    """How many entries of the log there are of this kind."""
    found = select(func.count()).select_from(log).where(*_conditions(log, wanted))
    return int(connection.execute(found).scalar_one())


def words_of(connection: Connection, log: Table, column: str) -> list[str]:
    """What a column holds anywhere in the log, to choose from."""
    found = select(log.c[column]).distinct().order_by(log.c[column])
    return [str(word) for word in connection.execute(found).scalars()]


def actors_of(connection: Connection, log: Table) -> list[tuple[str, str]]:
    """Everyone in the log by id, with every name that it had, the last first, in order of names;
    namesakes with their ids."""
    last = func.max(log.c.seq)
    rows = connection.execute(
        select(log.c.actor_id, log.c.actor_name)
        .group_by(log.c.actor_id, log.c.actor_name)
        .order_by(last.desc())
    )
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[str(row.actor_id)].append(str(row.actor_name))
    found = {identifier: ", before: ".join(some) for identifier, some in names.items()}
    of_name = Counter(found.values())
    named = {
        identifier: name if of_name[name] == 1 else f"{name} ({identifier})"
        for identifier, name in found.items()
    }
    return sorted(named.items(), key=lambda each: (each[1], each[0]))


def _conditions(log: Table, wanted: Wanted) -> list[Any]:
    found: list[Any] = [log.c[COLUMNS[name]] == word for name, word in wanted.words.items()]
    if wanted.subject:
        if log is ACCESS_LOG:
            # Kept as a list in JSON: its text holds each id in quotes.
            text = cast(ACCESS_LOG.c.subjects, String)
            found.append(text.contains(json.dumps(wanted.subject), autoescape=True))
        else:
            theirs = [
                and_(EVENTS.c.kind == kind, EVENTS.c.subject.in_(sorted(ids)))
                for kind, ids in wanted.theirs.items()
            ]
            found.append(or_(EVENTS.c.subject == wanted.subject, *theirs))
    if wanted.first is not None:
        found.append(log.c.at >= midnight(wanted.first))
    if wanted.last is not None:
        found.append(log.c.at < midnight(wanted.last + timedelta(days=1)))
    return found


def midnight(day: date) -> datetime:
    """When a day of London begins."""
    return datetime.combine(day, time(), _LONDON).astimezone(UTC)


def subjects_shown(ids: Sequence[str], most: int) -> tuple[list[str], int]:
    """The first few, and how many more."""
    return list(ids[:most]), max(0, len(ids) - most)

"""Traces: where the register speaks of a person besides the rows of their records.

Found by a look before the lock is taken, which may be long; under the lock only what is new since.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, tuple_

from api.service.person import WITH_CRN, Person
from api.store.by_many import by_many
from api.store.chain import head
from api.store.tables import ANSWERS, EVENT_PAYLOADS, EVENTS, OF_KIND, RUN_DOCUMENTS

Key = tuple[str, str]
AT_ONCE = 50
"""Documents in memory; at national size one may have megabytes."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What was found, and how far was looked."""

    marks: frozenset[str]
    naming: tuple[tuple[int, str, str], ...]
    """Events after which a record's row names the person: number, kind and id of the record."""
    documents: frozenset[str]
    """Documents of runs that hold the person, by hash."""
    answers: frozenset[Key]
    """Stored answers that do: actor and key."""
    through: int
    documents_seen: frozenset[str]
    answers_seen: frozenset[Key]


def look(connection: Connection, person: Person, before: Traces | None = None) -> Traces:
    """All traces. `before`: an earlier look, to be gone on from."""
    if before is None or before.marks != person.marks:
        # Another record of theirs has come: what was passed over may speak of it.
        before = Traces(person.marks, (), frozenset(), frozenset(), 0, frozenset(), frozenset())
    documents = _unseen(connection, before.documents_seen, select(RUN_DOCUMENTS.c.hash))
    answers = _unseen(connection, before.answers_seen, select(ANSWERS.c.actor_id, ANSWERS.c.key))
    return Traces(
        person.marks,
        (*before.naming, *_naming(connection, person.crn, before.through)),
        before.documents | set(_documents(connection, documents, person.marks)),
        before.answers | set(_answers(connection, answers, person)),
        head(connection, EVENTS)[0],
        before.documents_seen | documents,
        before.answers_seen | answers,
    )


def payloads_of(connection: Connection, person: Person, traces: Traces) -> list[int]:
    """Numbers of the events whose payloads must go with the person.

    All of every record that is theirs or is gone. Of a record that is somebody else's by now,
    those up to the last that named them: what is left begins with a whole row, so that the
    timeline without them makes the same register.
    """
    whole = {(kind, identifier) for kind, identifier in person.named}
    until: dict[tuple[str, str], int] = {}
    for seq, kind, subject in traces.naming:
        if (kind, subject) in whole or _is_gone(connection, kind, subject):
            whole.add((kind, subject))
        else:
            until[(kind, subject)] = max(seq, until.get((kind, subject), 0))
    found = {seq for seq, *_ in _with_payloads(connection, whole)}
    for record, last in until.items():
        found |= {seq for seq, *_ in _with_payloads(connection, [record]) if seq <= last}
    return sorted(found)


def _naming(connection: Connection, crn: str, after: int) -> list[tuple[int, str, str]]:
    row = EVENT_PAYLOADS.c.payload
    names = [row[("row", name)].as_string() == crn for name in ("crn", "other_crn")]
    wanted = (
        select(EVENTS.c.seq, EVENTS.c.kind, EVENTS.c.subject)
        .join(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
        .where(EVENTS.c.kind.in_(WITH_CRN), EVENTS.c.seq > after, or_(*names))
        .order_by(EVENTS.c.seq)
    )
    return [(int(seq), str(kind), str(of)) for seq, kind, of in connection.execute(wanted)]


def _is_gone(connection: Connection, kind: str, identifier: str) -> bool:
    table = OF_KIND[kind]
    return connection.execute(select(table.c.id).where(table.c.id == identifier)).first() is None


def _with_payloads(
    connection: Connection, records: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, str, str]]:
    of_kind: dict[str, list[str]] = {}
    for kind, identifier in sorted(records):
        of_kind.setdefault(kind, []).append(identifier)
    for kind, ids in of_kind.items():
        for some in by_many(ids):
            wanted = (
                select(EVENTS.c.seq, EVENTS.c.kind, EVENTS.c.subject)
                .join(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
                .where(EVENTS.c.kind == kind, EVENTS.c.subject.in_(some))
            )
            yield from ((int(seq), str(k), str(of)) for seq, k, of in connection.execute(wanted))


def _unseen(connection: Connection, seen: Collection[Any], wanted: Any) -> frozenset[Any]:
    rows = connection.execute(wanted)
    found = (tuple(row) if len(row) > 1 else row[0] for row in rows)
    return frozenset(each for each in found if each not in seen)


def _documents(
    connection: Connection, hashes: frozenset[str], marks: frozenset[str]
) -> Iterator[str]:
    # As JSON has them, with the marks of text on both sides: R1 is not R10.
    quoted = [
        json.dumps(mark, ensure_ascii=False).encode("utf-8", "surrogatepass") for mark in marks
    ]
    for some in by_many(sorted(hashes), AT_ONCE):
        wanted = select(RUN_DOCUMENTS).where(RUN_DOCUMENTS.c.hash.in_(some))
        for name, content in connection.execute(wanted):
            if _may_hold(content, quoted):
                yield str(name)


def _may_hold(content: bytes, quoted: Iterable[bytes]) -> bool:
    try:
        text = zlib.decompress(content)
    except zlib.error:
        # Nobody can read it, so nobody can say that the person is not in it.
        return True
    return any(mark in text for mark in quoted)


def _answers(connection: Connection, keys: frozenset[Key], person: Person) -> Iterator[Key]:
    for some in by_many(sorted(keys), AT_ONCE):
        mine = tuple_(ANSWERS.c.actor_id, ANSWERS.c.key).in_(some)
        wanted = select(ANSWERS.c.actor_id, ANSWERS.c.key, ANSWERS.c.location, ANSWERS.c.body)
        for actor, key, location, body in connection.execute(wanted.where(mine)):
            told = {*_texts(body), *(location or "").split("/")}
            if told & person.marks or any(person.crn in text for text in told):
                yield actor, key


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of fields too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value

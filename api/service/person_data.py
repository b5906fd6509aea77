"""Person data: all that is held of one person, without what is another's (DPA 2018, s.45)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Text, cast, or_, select

from api.service.change import Change
from api.service.person import Person, Whom, nobody, the_person
from api.service.seeing import hidden_people
from api.service.traces import Traces, look
from api.store.tables import ACCESS_LOG, EVENT_PAYLOADS, EVENTS, RUNS, STUDIES
from api.store.values import Row
from api.store.verify_documents import documents_of_studies

ANOTHER = "another person"
"""What stands in the place of somebody else's CRN."""
MOST_ACCESSES = 20_000
"""Entries of the access log that are told of; the newest."""


@dataclass(frozen=True, slots=True)
class PersonData:
    """Records, the events of each, the runs and studies that hold the person, and who looked."""

    person: Person
    events: list[Row]
    """Each with `payload`: None where it has been erased or is about somebody else."""
    runs: list[str]
    studies: list[str]
    accesses: list[Row]
    accesses_left_out: int


def held_of(change: Change, crn: str) -> PersonData:
    """All of it, but for pairs with somebody whom the actor may not see.

    Raises NotThereError for nobody and for whom the actor may not see.
    """
    unseen = hidden_people(change.connection, change.actor)
    person = _as_seen(the_person(change, Whom(crn=crn)), unseen)
    traces = look(change.connection, person)
    events = list(_events(change.connection, person, traces, unseen))
    if not (person.named or events or traces.documents):
        raise nobody()
    accesses = _accesses(change.connection, set(person.ids))
    newest = accesses[-MOST_ACCESSES:]
    return PersonData(
        person,
        events,
        _runs(change.connection, traces.documents),
        _studies(change.connection, traces.documents),
        newest,
        len(accesses) - len(newest),
    )


def _as_seen(person: Person, unseen: frozenset[str]) -> Person:
    pairs = [row for row in person.records["separation"] if not _people(row) & unseen]
    return replace(person, records={**person.records, "separation": pairs})


def _people(row: Row) -> set[str]:
    """Everyone whom a record names."""
    return {row[name] for name in ("crn", "other_crn") if name in row}


def without_others(value: Any, crn: str) -> Any:
    """A JSON value with every CRN but this one left out."""
    if isinstance(value, dict):
        return {
            name: ANOTHER
            if name in ("crn", "other_crn") and inner not in (crn, None)
            else without_others(inner, crn)
            for name, inner in value.items()
        }
    return [without_others(inner, crn) for inner in value] if isinstance(value, list) else value


def _events(
    connection: Connection, person: Person, traces: Traces, unseen: frozenset[str]
) -> Iterator[Row]:
    """Events of the person's records; of records that were theirs once, those that named them."""
    theirs = {(kind, identifier) for kind, identifier in person.named}
    once = {(kind, subject) for _, kind, subject in traces.naming} - theirs
    naming = {seq for seq, *_ in traces.naming}
    for event in _of_records(connection, theirs | once):
        people = _people((event["payload"] or {}).get("row") or {})
        if people & unseen or (
            (event["kind"], event["subject"]) in once and event["seq"] not in naming
        ):
            continue
        # Before it was theirs it was somebody else's: of that, only that it happened.
        ours = not people or person.crn in people
        yield {**event, "payload": without_others(event["payload"], person.crn) if ours else None}


def _of_records(connection: Connection, records: set[tuple[str, str]]) -> list[Row]:
    """Every event of these records with its payload, in order."""
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    wanted = select(EVENTS, EVENT_PAYLOADS.c.payload).select_from(joined)
    found: list[Row] = []
    for kind, subject in sorted(records):
        mine = (EVENTS.c.kind == kind) & (EVENTS.c.subject == subject)
        found += [dict(row) for row in connection.execute(wanted.where(mine)).mappings()]
    return sorted(found, key=lambda each: int(each["seq"]))


def _runs(connection: Connection, documents: frozenset[str]) -> list[str]:
    """Runs whose documents hold the person, the oldest first."""
    wanted = select(RUNS.c.id, RUNS.c.snapshot, RUNS.c.plan, RUNS.c.reasons)
    rows = connection.execute(wanted.order_by(RUNS.c.requested_at, RUNS.c.id))
    return [str(identifier) for identifier, *held in rows if documents & set(held)]


def _studies(connection: Connection, documents: frozenset[str]) -> list[str]:
    """Studies likewise."""
    held = documents_of_studies(connection)
    order = connection.execute(select(STUDIES.c.id).order_by(STUDIES.c.requested_at, STUDIES.c.id))
    return [str(each) for each in order.scalars() if held[str(each)] & documents]


def _accesses(connection: Connection, ids: set[str]) -> list[Row]:
    """Entries that name one of these records, in order."""
    subjects = cast(ACCESS_LOG.c.subjects, Text)
    # The database narrows it down by text; an id within another's would be let through.
    likely = [subjects.contains(json.dumps(each), autoescape=True) for each in sorted(ids)]
    if not likely:
        return []
    wanted = select(ACCESS_LOG).where(or_(*likely)).order_by(ACCESS_LOG.c.seq)
    rows = connection.execute(wanted).mappings()
    return [dict(row) for row in rows if ids & set(row["subjects"])]

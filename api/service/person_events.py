"""Person events: the records whose events tell of one person, found by the id of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, case, or_, select

from api.service.change import Change
from api.service.person import Person, Whom, the_person
from api.service.refusals import NotThereError
from api.service.seeing import hidden_people
from api.store.tables import BOOKINGS, EVENT_PAYLOADS, EVENTS, REFERRALS, ZONES

OfPerson = Mapping[str, frozenset[str]]
"""By kind of record, ids."""
REMOVABLE = ("separation", "zone")
"""Kinds that name people and whose rows go when they are removed: their events know of whom."""


SIDES = ("first", "second")
"""Which of the two people whom a separation names."""


def records_with(change: Change, subject: str, side: str = "") -> OfPerson:
    """Every record of the person whose bid, stay or exclusion zone has this id; of nobody, none.

    A separation names two people: `side` says whose records are wanted. None for whom the actor
    may not know of: that two records are one person's is a fact of a case.
    """
    if side in SIDES and (pair := _pair(change.connection, subject)):
        found = records_of(change, pair[SIDES.index(side)])
        return found if subject in found.get("separation", ()) else {}
    for table in (REFERRALS, BOOKINGS, ZONES):
        wanted = select(table.c.crn).where(table.c.id == subject)
        if (crn := change.connection.execute(wanted).scalar()) is not None:
            return records_of(change, str(crn))
    return {}


def side_of(connection: Connection, subject: str, crn: str) -> str:
    """Which of the two people of a separation has this CRN; empty where it is no separation."""
    pair = _pair(connection, subject)
    return "" if pair is None else SIDES[[each.upper() for each in pair].index(crn.upper())]


def _pair(connection: Connection, subject: str) -> tuple[str, str] | None:
    """Whom a separation keeps apart, by its last event: it may have been removed since."""
    row = EVENT_PAYLOADS.c.payload
    wanted = (
        select(*(row[("row", name)].as_string() for name in ("crn", "other_crn")))
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "separation", EVENTS.c.subject == subject)
        .order_by(EVENTS.c.seq.desc())
    )
    found = connection.execute(wanted.limit(1)).first()
    return None if found is None else (found[0], found[1])


def records_of(change: Change, crn: str) -> OfPerson:
    """The same of a person by CRN."""
    try:
        person = the_person(change, Whom(crn=crn))
    except NotThereError:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for kind, identifier in person.named:
        found[kind].add(identifier)
    unseen = hidden_people(change.connection, change.actor)
    for kind, identifier, other in _removed(change.connection, person):
        if other not in unseen:
            found[kind].add(identifier)
    for row in person.records["separation"]:
        if {row["crn"], row["other_crn"]} & unseen:
            found["separation"].discard(row["id"])
    return {kind: frozenset(ids) for kind, ids in found.items() if ids}


def _removed(connection: Connection, person: Person) -> list[tuple[str, str, str | None]]:
    """Zones that are no more, and pairs that are no more, as the events of them name the person;
    and whom a pair keeps them apart from.
    """
    row = EVENT_PAYLOADS.c.payload
    mine, theirs = (row[("row", name)].as_string() for name in ("crn", "other_crn"))
    wanted = (
        select(EVENTS.c.kind, EVENTS.c.subject, case((mine == person.crn, theirs), else_=mine))
        .distinct()
        .join(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
        .where(EVENTS.c.kind.in_(REMOVABLE), or_(mine == person.crn, theirs == person.crn))
    )
    return [tuple(each) for each in connection.execute(wanted)]

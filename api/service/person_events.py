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

    A separation names two people: `side`, as `side_of` says it, is whose records are wanted. None
    for whom the actor may not know of: that two records are one person's is a fact of a case.
    """
    if (whose := _sides(change.connection, subject).get(side)) is not None:
        found = records_of(change, whose)
        return found if subject in found.get("separation", ()) else {}
    for table in (REFERRALS, BOOKINGS, ZONES):
        wanted = select(table.c.crn).where(table.c.id == subject)
        if (crn := change.connection.execute(wanted).scalar()) is not None:
            return records_of(change, str(crn))
    return {}


def side_of(connection: Connection, subject: str, crn: str) -> str:
    """Which person of a separation has this CRN, in which event: whom it names later may be others.

    Empty where it is no separation, or never named them.
    """
    sides = _sides(connection, subject).items()
    return next((side for side, each in sides if each.upper() == crn.upper()), "")


def _sides(connection: Connection, subject: str) -> dict[str, str]:
    """Whom each event of a separation names, the newest first; of a removal there is no row."""
    row = EVENT_PAYLOADS.c.payload
    people = [row[("row", name)].as_string() for name in ("crn", "other_crn")]
    wanted = (
        select(EVENTS.c.seq, *people)
        .join(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "separation", EVENTS.c.subject == subject)
        .where(people[0].is_not(None))
        .order_by(EVENTS.c.seq.desc())
    )
    return {
        f"{side}-{seq}": crn
        for seq, *pair in connection.execute(wanted)
        for side, crn in zip(SIDES, pair, strict=True)
    }


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

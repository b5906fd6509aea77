"""Retention: people whose records have all ended, and of whom nothing has happened for too long.

How long is the controller's to say (DPA 2018, section 39): there is no period unless one is set.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from api.service.change import Change
from api.service.person import WITH_CRN, Person
from api.service.referrals import OPEN, PLACED
from api.service.refusals import ConflictError
from api.service.seeing import hidden_people
from api.store.apply import HOLDING
from api.store.tables import EVENTS

Record = tuple[str, str]


@dataclass(slots=True)
class Due:
    """Someone to be erased, by ids of their records. `restricted`: stays are not told of."""

    referrals: list[str] = field(default_factory=list)
    bookings: list[str] = field(default_factory=list)
    last_event: datetime = datetime.min
    restricted: bool = False

    @property
    def an_id(self) -> str:
        """One of the ids, always the same."""
        return (self.referrals or self.bookings)[0]


def due(change: Change, days: int | None) -> list[Due]:
    """Everyone who is due; people known by a zone or a separation alone are nobody's bid."""
    before = change.at - timedelta(days=_period(days))
    records, going_on = _by_person(change)
    hidden = hidden_people(change.connection, change.actor)
    last = _last_events(change)
    found = []
    for crn, theirs in records.items():
        latest = max(last[record] for record in theirs if record in last)
        if crn in going_on or latest >= before:
            continue
        ids = {kind: sorted(of for each, of in theirs if each == kind) for kind in WITH_CRN}
        unseen = crn in hidden
        if ids["referral"] or ids["booking"]:
            stays = [] if unseen else ids["booking"]
            found.append(Due(ids["referral"], stays, latest, restricted=unseen))
    return found


def require_due(change: Change, person: Person, days: int | None) -> None:
    """Raise ConflictError unless the period has passed since anything happened of the person."""
    before = change.at - timedelta(days=_period(days))
    latest = max(_last_events(change, person.ids).values(), default=None)
    if latest is not None and latest >= before:
        raise ConflictError(
            f"the retention period has not passed: the last event is of {latest:%Y-%m-%d}",
            code="not-due",
        )


def _period(days: int | None) -> int:
    if days is None:
        raise ConflictError(
            "no retention_days is set: how long records are kept is for the controller to say",
            code="no-retention-period",
        )
    return days


def _by_person(change: Change) -> tuple[dict[str, set[Record]], set[str]]:
    """Records by CRN, and the people of whom one goes on."""
    records: dict[str, set[Record]] = defaultdict(set)
    going_on: set[str] = set()
    for kind, statuses in (("referral", (OPEN, PLACED)), ("booking", HOLDING)):
        for row in change.outlines(kind, ["crn", "status"]):
            records[row["crn"]].add((kind, row["id"]))
            if row["status"] in statuses:
                going_on.add(row["crn"])
    for row in change.outlines("separation", ["crn", "other_crn"]):
        for crn in (row["crn"], row["other_crn"]):
            records[crn].add(("separation", row["id"]))
    for row in change.outlines("zone", ["crn"]):
        records[row["crn"]].add(("zone", row["id"]))
    return records, going_on


def _last_events(change: Change, ids: list[str] | None = None) -> dict[Record, datetime]:
    wanted = select(EVENTS.c.kind, EVENTS.c.subject, func.max(EVENTS.c.at))
    wanted = wanted.where(EVENTS.c.kind.in_(WITH_CRN)).group_by(EVENTS.c.kind, EVENTS.c.subject)
    if ids is not None:
        wanted = wanted.where(EVENTS.c.subject.in_(ids))
    return {(kind, of): at for kind, of, at in change.connection.execute(wanted)}

"""Kept out: premises that plans propose to a person no more, recorded when a proposal is refused.

It is an exclusion zone that names the premises: every plan keeps it, as it keeps those of files.
Who said so, when and why stand in its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from allocator.safeguards import ExclusionZone
from api.service import estate
from api.service.change import Change, check_version
from api.service.refusals import NotThereError
from api.service.seeing import is_hidden
from api.store.records import read
from api.store.tables import EVENT_PAYLOADS, EVENTS, ZONES
from api.store.values import Row

ABOUT = ("reason", "referral_id", "run_id", "bed_id")
"""What the event of such a zone says besides the zone."""


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Premises by name. `reason` empty: none was given, as for zones that came in files."""

    id: str
    version: int
    premises_ids: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime
    reason: str
    referral_id: str | None
    """The bid whose proposal was refused; None: it was not recorded with a refusal."""


def keep_out(change: Change, bid: Row, premises_id: str, reason: str, **about: Any) -> Row | None:
    """Keep the person out of these premises from now on; None: they are already.

    `about`: the run and the bed of the proposal that was refused.
    """
    value = ExclusionZone(bid["crn"], premises_ids=frozenset({premises_id}))
    for row in change.rows("zone", ZONES.c.crn == bid["crn"]):
        if premises_id in read(ExclusionZone, row).premises_ids:
            return None
    return estate.keep_out(change, value, reason=reason, referral_id=bid["id"], **about)


def kept_out(change: Change, crn: str) -> list[KeptOut]:
    """Zones of the person that are premises by name and nothing else, the oldest first.

    Nothing, where the actor may not know of the person.
    """
    if is_hidden(change.connection, change.actor, crn):
        return []
    zones = []
    for row in change.rows("zone", ZONES.c.crn == crn):
        value = read(ExclusionZone, row)
        if value.circle is None and value.polygon is None:
            zones.append((row, value))
    told = _recorded(change, [row["id"] for row, _ in zones])
    found = [
        KeptOut(
            row["id"],
            row["version"],
            tuple(sorted(value.premises_ids)),
            told[row["id"]]["actor_name"],
            told[row["id"]]["at"],
            (told[row["id"]]["payload"] or {}).get("reason") or "",
            (told[row["id"]]["payload"] or {}).get("referral_id"),
        )
        for row, value in zones
    ]
    return sorted(found, key=lambda each: (each.recorded_at, each.id))


def ruled_out_for(change: Change, bid: Row) -> list[str]:
    """Zones that were recorded with refusals for this bid, and may be lifted since.

    Of one that is gone no row is left: its first event names the bid.
    """
    if is_hidden(change.connection, change.actor, bid["crn"]):
        return []
    joined = EVENTS.join(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    wanted = (
        select(EVENTS.c.subject)
        .select_from(joined)
        .where(EVENTS.c.kind == "zone", EVENTS.c.action == "zone.recorded")
        .where(EVENT_PAYLOADS.c.payload["referral_id"].as_string() == bid["id"])
    )
    return [str(each) for each in change.connection.execute(wanted).scalars()]


def zones_of(change: Change, crn: str) -> list[ExclusionZone]:
    """The person's other zones: circles and polygons. Nothing for whom the actor may not know."""
    if is_hidden(change.connection, change.actor, crn):
        return []
    zones = [read(ExclusionZone, row) for row in change.rows("zone", ZONES.c.crn == crn)]
    return [each for each in zones if each.circle is not None or each.polygon is not None]


def lift(change: Change, identifier: str, version: int | None, reason: str = "") -> None:
    """The zone holds no more. Its last event names the bid that it was recorded for."""
    row = change.find("zone", identifier)
    if row is None or is_hidden(change.connection, change.actor, row["crn"]):
        raise NotThereError(f"there is no exclusion zone {identifier}")
    check_version(row, version)
    payload = _recorded(change, [identifier])[identifier]["payload"] or {}
    about = {name: payload[name] for name in ABOUT if payload.get(name)}
    facts = {**about, "reason": reason} if about else {}
    change.remove("zone.removed", "zone", identifier, **facts)


def _recorded(change: Change, ids: list[str]) -> dict[str, Row]:
    """By zone, the event that began it, with its payload where that has not been erased."""
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    wanted = (
        select(EVENTS.c.subject, EVENTS.c.at, EVENTS.c.actor_name, EVENT_PAYLOADS.c.payload)
        .select_from(joined)
        .where(EVENTS.c.kind == "zone", EVENTS.c.subject.in_(ids))
        .where(EVENTS.c.action == "zone.recorded")
    )
    return {row["subject"]: dict(row) for row in change.connection.execute(wanted).mappings()}

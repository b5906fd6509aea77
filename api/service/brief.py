"""Brief: all that someone who takes over a bid must know, on a page: from the timeline, and from
the last plan why there is no bed.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import select

from allocator.geography.regions import region_of_outcode
from api.service.bed_names import bed_names
from api.service.bookings import ARRIVED, CANCELLED, DEPARTED
from api.service.change import Change
from api.service.escalation import waiting
from api.service.given_up import as_now
from api.service.kept_out import kept_out, ruled_out_for, zones_of
from api.service.ladder import band_name, rung_at
from api.service.move_day import may_move
from api.service.moves import next_of
from api.service.other_stays import as_told
from api.service.plan_needs import lost_of
from api.service.seeing import hidden_people, is_hidden, restricted
from api.service.smallest_changes import changes_for, last_run
from api.service.unsuitable import against, nights_to_come
from api.store.by_many import by_many
from api.store.records import referral
from api.store.tables import ATTEMPTS, BOOKINGS, EVENT_PAYLOADS, EVENTS, FLAGS, PROPOSALS
from api.store.values import Row, written_moment

UNKNOWN = {
    "tier": "tier",
    "rosh": "risk of serious harm",
    "mappa_level": "MAPPA level",
    "restriction_codes": "local restrictions that apply",
    "location": "where the person should live near",
    "sharing": "whether the person may share a room",
    "licence_expiry": "when the licence ends",
}
"""Fields that may be missing, in words."""
_STAY = ("bed_id", "arrival", "departure")


def timeline(change: Change, row: Row, *, with_facts: bool) -> list[dict[str, Any]]:
    """Everything that happened to a bid and to its bookings, in order."""
    bookings = [each["id"] for each in change.rows("booking", BOOKINGS.c.referral_id == row["id"])]
    mine = (EVENTS.c.kind == "referral") & (EVENTS.c.subject == row["id"])
    theirs = (EVENTS.c.kind == "booking") & EVENTS.c.subject.in_(bookings)
    # By the column and not by the end of the id: SQLite's LIKE takes R1 for r1.
    proposals = select(PROPOSALS.c.id).where(PROPOSALS.c.referral_id == row["id"])
    decided = (EVENTS.c.kind == "proposal") & EVENTS.c.subject.in_(proposals)
    ruled_out = (EVENTS.c.kind == "zone") & EVENTS.c.subject.in_(ruled_out_for(change, row))
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    found = change.connection.execute(
        select(EVENTS, EVENT_PAYLOADS.c.payload)
        .select_from(joined)
        .where(mine | theirs | decided | ruled_out)
        .order_by(EVENTS.c.seq)
    ).mappings()
    unseen = restricted(change.connection, change.actor) if with_facts else frozenset()
    stays_told = with_facts and not is_hidden(change.connection, change.actor, row["crn"])
    return [
        {
            "seq": each["seq"],
            "at": written_moment(each["at"]),
            "actor_id": each["actor_id"],
            "actor_name": each["actor_name"],
            "action": each["action"],
            "kind": each["kind"],
            "subject": each["subject"],
            "hash": each["hash"],
            "facts": _facts(each["payload"], unseen, each["kind"] == "booking" and stays_told)
            if with_facts
            else None,
        }
        for each in found
    ]


def attempts(change: Change, identifier: str) -> list[Row]:
    """Each time it failed, the oldest first."""
    rows = change.rows("attempt", ATTEMPTS.c.referral_id == identifier)
    return sorted(rows, key=lambda row: (row["day"], row["id"]))


def beds_tried(change: Change, failed: list[Row]) -> dict[str, str]:
    """By attempt, the bed that was refused, or whose booking came to nothing, as pages name it; of
    beds that there still are.
    """
    details = {each["id"]: each["details"] for each in failed}
    booked = _beds_booked(change, {each.get("booking_id") or "" for each in details.values()})
    beds = {
        attempt: str(facts.get("bed_id") or booked.get(facts.get("booking_id"), ""))
        for attempt, facts in details.items()
    }
    names = bed_names(change, set(beds.values()))
    return {attempt: names[bed].whole for attempt, bed in beds.items() if bed in names}


def _beds_booked(change: Change, bookings: Set[str]) -> dict[str | None, str]:
    """By booking, its bed; of nobody whom the actor may not know of."""
    hidden = hidden_people(change.connection, change.actor)
    found: dict[str | None, str] = {}
    for some_ids in by_many(sorted(bookings)):
        rows = change.outlines("booking", ["bed_id", "crn"], BOOKINGS.c.id.in_(some_ids))
        found |= {row["id"]: row["bed_id"] or "" for row in rows if row["crn"] not in hidden}
    return found


def brief(change: Change, row: Row) -> dict[str, Any]:
    """What is asked for, what was tried and why it failed, who has it, and what is due next."""
    value = referral(row)
    rung = rung_at(change.policy, row["rung"])
    flags = change.rows("flag", FLAGS.c.referral_id == row["id"], ~FLAGS.c.cleared)
    booked = _booked(change, row)
    failed = attempts(change, row["id"])
    tried = beds_tried(change, failed)
    out = kept_out(change, row["crn"])
    names = {each["id"]: each["name"] for each in change.outlines("premises", ["name"])}
    region = region_of_outcode(value.outcode) if value.outcode else None
    return {
        "referral_id": row["id"],
        "crn": row["crn"],
        "status": row["status"],
        "band": row["band"],
        "band_name": band_name(change.policy, row["band"]),
        "release_date": row["release_date"].isoformat(),
        "latest_arrival": row["latest_arrival"].isoformat(),
        "days_to_release": (row["release_date"] - change.today).days,
        "nights": value.nights,
        "near": value.outcode,
        "area": None if region is None else region.area,
        "region": None if region is None else region.name,
        "aimed_radius_miles": value.aimed_radius_miles,
        "consented_radius_miles": value.consented_radius_miles,
        "gender": value.gender.value,
        "exceptional_case": value.exceptional_case,
        "sharing": None
        if value.sharing is None
        else {
            "suitable": value.sharing.suitable,
            "valid_until": value.sharing.valid_until.isoformat(),
        },
        "ap_type": value.ap_type.value,
        "tier": None if value.tier is None else value.tier.value,
        "rosh": None if value.rosh is None else value.rosh.value,
        "mappa_level": value.mappa_level,
        "essential": sorted(criterion.value for criterion in value.essential),
        "desirable": sorted(criterion.value for criterion in value.desirable),
        "offences": sorted(offence.value for offence in value.offences),
        "offences_unknown": sorted(offence.value for offence in value.offences_unknown),
        "restriction_codes": None
        if value.restriction_codes is None
        else sorted(value.restriction_codes),
        "licence_expiry": None
        if value.licence_expiry is None
        else value.licence_expiry.isoformat(),
        "zones": [
            {
                "radius_miles": None if each.circle is None else each.circle.radius_miles,
                "premises": [names.get(name, name) for name in sorted(each.premises_ids)],
            }
            for each in zones_of(change, row["crn"])
        ],
        "preferred_premises": [names.get(name, name) for name in value.preferred_premises],
        "not_known": [words for field, words in UNKNOWN.items() if getattr(value, field) is None]
        + (["which kinds of offence apply"] if value.offences_unknown else []),
        "owner": row["owner_name"],
        "owner_acknowledged": row["owner_acknowledged"],
        "failed_attempts": row["failed_attempts"],
        "attempts": [
            {
                "day": each["day"].isoformat(),
                "code": each["code"],
                "text": each["text"],
                "bed": tried.get(each["id"]),
            }
            for each in failed
        ],
        "ruled_out": [
            {
                "premises": [names.get(name, name) for name in each.premises_ids],
                "recorded_by": each.recorded_by,
                "recorded_at": written_moment(each.recorded_at),
                "reason": each.reason or None,
            }
            for each in out
        ],
        "next_deadline": {
            "role": rung.role,
            "due": written_moment(row["rung_due"]),
            "acknowledged_by": row["rung_acknowledged_by"],
        }
        if waiting(change, [row["id"]])
        else None,
        "flags": sorted({flag["why"] for flag in flags}),
        "booking": None
        if booked is None
        else {
            "id": booked["id"],
            "premises_id": booked["premises_id"],
            "bed_id": booked["bed_id"],
            "arrival": booked["arrival"].isoformat(),
            "departure": booked["departure"].isoformat(),
            "status": booked["status"],
            "made_by": booked["made_by"],
            "made_at": written_moment(booked["made_at"]),
            "against": list(against(change, booked)),
            "judged": nights_to_come(change, booked) is not None,
            "movable": may_move(booked, change.today),
            "next": _next(change, booked),
        },
        "proposed": _proposed(change, row),
        "why": _why(change, row) if row["status"] == "open" else None,
        "closed_reason": row["closed_reason"],
    }


def _why(change: Change, row: Row) -> dict[str, Any] | None:
    """Why the last plan has no bed for the person; None where it has one, or does not know them."""
    run = last_run(change.connection)
    reasons = changes_for(change.connection, run, [row["id"]])
    told = as_told(change.connection, change.actor, reasons)
    reasons, others = as_now(change, run, [row], told)
    why = reasons.get(row["id"])
    if run is None or why is None:
        return None
    return {
        "run_id": run["id"],
        "requested_at": written_moment(run["requested_at"]),
        "main_reason": why.text,
        "other_bids": sorted(others),
        "changes": list(why.changes),
        "nothing_would_change": why.nothing or None,
    }


def other_bids(brief: Mapping[str, Any]) -> list[str]:
    """Other bids of the person that a brief tells of, for the access log."""
    return [] if brief["why"] is None else list(brief["why"]["other_bids"])


def _proposed(change: Change, row: Row) -> list[dict[str, Any]]:
    """Beds that wait for a decision, the first to be decided first."""
    wanted = PROPOSALS.c.referral_id == row["id"], PROPOSALS.c.status == "proposed"
    found = change.rows("proposal", *wanted)
    waiting = sorted(found, key=lambda each: (each["decide_by"], each["arrival"]))
    names = bed_names(change, {each["bed_id"] for each in waiting})
    lost = lost_of(change, waiting)
    return [
        {
            "run_id": each["run_id"],
            "bed_id": each["bed_id"],
            "bed": names[each["bed_id"]].whole if each["bed_id"] in names else None,
            "arrival": each["arrival"].isoformat(),
            "departure": each["departure"].isoformat(),
            "decide_by": each["decide_by"].isoformat(),
            "lost": each["id"] in lost,
        }
        for each in waiting
    ]


def stays(change: Change, row: Row) -> list[Row]:
    """The bookings of a bid but for those called off: two, where one was cut by a transfer.

    None where another bid of the person is restricted: then no stay is told.
    """
    if is_hidden(change.connection, change.actor, row["crn"]):
        return []
    mine = BOOKINGS.c.referral_id == row["id"]
    found = change.rows("booking", mine, BOOKINGS.c.status != CANCELLED)
    return sorted(found, key=lambda each: each["arrival"])


def _booked(change: Change, row: Row) -> Row | None:
    """Where the person is by the bid, or else was last, or is to be; unless another bid of the
    person is restricted: then no stay is told.
    """
    if row["booking_id"] is None or is_hidden(change.connection, change.actor, row["crn"]):
        return None
    found = change.rows("booking", BOOKINGS.c.referral_id == row["id"])
    there = [each for each in found if each["status"] == ARRIVED]
    if there:
        return there[0]
    left = [each for each in found if each["status"] == DEPARTED]
    if left:
        return max(left, key=lambda each: each["departure"])
    return change.find("booking", row["booking_id"])


def _next(change: Change, booked: Row) -> dict[str, Any] | None:
    """The bed to which the person is, or was, to move from that of the booking; None: to none."""
    after = next_of(change, [booked]).get(booked["id"])
    if after is None:
        return None
    return {
        "booking_id": after["id"],
        "premises_id": after["premises_id"],
        "bed_id": after["bed_id"],
        "arrival": after["arrival"].isoformat(),
        "departure": after["departure"].isoformat(),
    }


def _facts(
    payload: dict[str, Any] | None, unseen: frozenset[str], of_a_stay: bool
) -> dict[str, Any] | None:
    """What was said of the event, without bids that are unseen. Of the record itself nothing but,
    `of_a_stay`, which one it was: the bed and the days, as the event left them.
    """
    if payload is None:
        return None
    facts = {name: payload["row"][name] for name in _STAY} if of_a_stay else {}
    facts |= {name: value for name, value in payload.items() if name != "row"}
    if others := facts.pop("seen_otherwise", None):
        seen = [each for each in others if each["referral_id"] not in unseen]
        facts |= {"seen_otherwise": seen} if seen else {}
    return facts

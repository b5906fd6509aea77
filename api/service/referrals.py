"""Referrals: bids from the day they are made to the day they are closed, and nobody dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from allocator.estate import Premises
from allocator.referral import Referral
from api.access.actor import Actor
from api.service.change import Change, check_version
from api.service.escalation import anew, rung_of
from api.service.known import as_known
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError, NotThereError
from api.service.settle import clear, settle
from api.store.records import details, read
from api.store.tables import FLAGS, REFERRALS
from api.store.values import Row

OPEN, PLACED, ARRIVED = "open", "placed", "arrived"
WITHDRAWN, WITHOUT_A_BED = "withdrawn", "released_without_bed"
LAWFUL = {
    OPEN: {PLACED, WITHDRAWN, WITHOUT_A_BED},
    PLACED: {OPEN, ARRIVED, WITHDRAWN},
    ARRIVED: set(),
    WITHDRAWN: set(),
    WITHOUT_A_BED: set(),
}
"""From each status, those a bid may go to."""
ATTEMPT_WITHDRAWN = "withdrawn"
"""The code of an attempt that did not fail after all."""
RISK = (
    *("tier", "rosh", "mappa_level", "mappa_category"),
    *("offences", "offences_unknown", "restriction_codes"),
)


def visible(row: Row, actor: Actor) -> bool:
    """Whether the actor may see whose bid this is."""
    named = row["restricted_to"]
    return named is None or actor.id in named


def the_bid(change: Change, identifier: str) -> Row:
    """A bid that the actor may see. Raises NotThereError, the same for absent and restricted."""
    row = change.find("referral", identifier)
    if row is None or not visible(row, change.actor):
        raise NotThereError(f"there is no referral {identifier}")
    return row


def new_bid(
    change: Change,
    value: Referral,
    booking_id: str | None = None,
    restricted: dict[str, list[str]] | None = None,
) -> Row:
    """The row of a bid that is new, or whose person is booked already.

    `restricted`: people whose bids are restricted; a new bid of theirs is so from the start.
    """
    row = {
        "id": value.id,
        "version": 1,
        "status": OPEN if booking_id is None else PLACED,
        "last_attempt_day": None,
        "failed_attempts": value.failed_attempts,
        "owner_id": None,
        "owner_name": None,
        "owner_acknowledged": False,
        "restricted_to": (restricted or {}).get(value.crn),
        "booking_id": booking_id,
        "closed_reason": None,
        **_of(change, value),
    }
    return {**row, **rung_of(change, row)}


def restricted_people(change: Change) -> dict[str, list[str]]:
    """By CRN, who alone may see the bids of people with a restricted one."""
    rows = change.outlines(
        "referral", ["crn", "restricted_to"], REFERRALS.c.restricted_to.is_not(None)
    )
    return {row["crn"]: row["restricted_to"] for row in rows}


def changed_bid(change: Change, row: Row, value: Referral) -> Row:
    """The row of a bid of which something else is known now.

    Attempts counted here are kept, whatever the new value says.
    """
    if value.crn != row["crn"]:
        raise InvalidError(f"referral {row['id']} keeps its CRN: withdraw it and make a new one")
    attempts = max(value.failed_attempts, row["failed_attempts"])
    changed = {
        **row,
        **_of(change, replace(value, failed_attempts=attempts)),
        "failed_attempts": attempts,
        "version": row["version"] + 1,
    }
    return {**changed, **(rung_of(change, changed) if row["status"] == OPEN else {})}


def _of(change: Change, value: Referral) -> Row:
    return {
        "crn": value.crn,
        "band": change.policy.band_of(value),
        "gender": value.gender.value,
        "ap_type": value.ap_type.value,
        "release_date": value.release_date,
        "latest_arrival": value.latest_arrival,
        "details": details(value),
    }


def create(change: Change, value: Referral) -> Row:
    """A new bid. Raises ConflictError when the id is taken, InvalidError for strange names."""
    if change.find("referral", value.id) is not None:
        raise ConflictError(f"there is a referral {value.id} already", code="exists")
    value = as_known(value, all_premises(change), change.today)
    row = new_bid(change, value, restricted=restricted_people(change))
    return change.record("referral.recorded", "referral", row)


def update(
    change: Change, identifier: str, value: Referral, version: int | None, **facts: Any
) -> Row:
    """What is known of a bid is now this. Changed risk information flags it.

    `facts`: what its event says besides.
    """
    row = the_bid(change, identifier)
    check_version(row, version)
    if row["status"] not in (OPEN, PLACED):
        raise ConflictError(f"referral {identifier} is closed ({row['status']})", code="closed")
    before = read(Referral, row)
    value = as_known(value, all_premises(change), change.today, before=before)
    row = change.record("referral.changed", "referral", changed_bid(change, row, value), **facts)
    if risk_differs(before, value):
        raise_flag(change, [row], "risk_changed", identifier)
    return row


def all_premises(change: Change) -> list[Premises]:
    """The estate, whose local restrictions a bid may name."""
    return [read(Premises, row) for row in change.rows("premises")]


def risk_differs(before: Referral, now: Referral) -> bool:
    """Whether something else is known of the person's risk."""
    return any(getattr(before, field) != getattr(now, field) for field in RISK)


def moved_to(change: Change, row: Row, status: str, action: str, **changes: Any) -> Row:
    """A bid in another status. Raises ConflictError for a transition that is not lawful."""
    if status not in LAWFUL[row["status"]]:
        raise ConflictError(
            f"referral {row['id']} is {row['status']} and cannot become {status}",
            code="not-lawful-now",
        )
    facts = {name: changes.pop(name) for name in ("reason", "fallback") if name in changes}
    after = {**row, **changes, "status": status, "version": row["version"] + 1}
    if status == OPEN:
        after |= anew(change, after)
    row = change.record(action, "referral", after, **facts)
    if status != OPEN:
        settle(change, [row])
    else:
        clear(change, _flags_of_the_booking(change, row))
    return row


def close(change: Change, row: Row, status: str, action: str, reason: str, **facts: Any) -> Row:
    """End a bid. The reason is kept with it, and the actor with the event."""
    if not reason.strip():
        raise InvalidError("a reason is needed to close a referral")
    if status == WITHOUT_A_BED and not str(facts.get("fallback", "")).strip():
        raise InvalidError("where the person goes instead is needed")
    return moved_to(change, row, status, action, closed_reason=reason, reason=reason, **facts)


def _flags_of_the_booking(change: Change, row: Row) -> list[Row]:
    """What was asked about the booking that a bid had."""
    return change.rows(
        "flag",
        FLAGS.c.referral_id == row["id"],
        FLAGS.c.why == "arrival_not_recorded",
        ~FLAGS.c.cleared,
    )


def raise_flag(change: Change, rows: list[Row], why: str, about: str) -> None:
    """Somebody should look at these bids again."""
    seq = change.register_seq
    change.record_all(
        "flag.raised",
        "flag",
        [
            {
                "id": new_id(),
                "referral_id": row["id"],
                "why": why,
                "about": about,
                "raised": change.at,
                "raised_seq": seq,
                "cleared": False,
            }
            for row in rows
        ],
    )


def set_owner(change: Change, identifier: str, owner_id: str, owner_name: str) -> Row:
    """Hand a bid to someone; they have yet to acknowledge it."""
    row = the_bid(change, identifier)
    mine = owner_id == change.actor.id
    after = {
        **row,
        "owner_id": owner_id,
        "owner_name": owner_name,
        "owner_acknowledged": mine,
        "version": row["version"] + 1,
    }
    return change.record("owner.changed", "referral", after, before=row["owner_id"])


def acknowledge_owner(change: Change, identifier: str) -> Row:
    """The new owner says that they have the bid. Nobody can say it for them."""
    row = the_bid(change, identifier)
    if row["owner_id"] != change.actor.id:
        raise ConflictError(f"referral {identifier} was handed to someone else", code="not-yours")
    after = {**row, "owner_acknowledged": True, "version": row["version"] + 1}
    return change.record("owner.acknowledged", "referral", after)


def restrict(change: Change, identifier: str, named: list[str] | None) -> Row:
    """From now on only these people see whose bid it is; None: everybody in a fitting role."""
    row = the_bid(change, identifier)
    if named is not None and not named:
        raise InvalidError("name at least one person, or nobody could lift the restriction")
    after = {**row, "restricted_to": named, "version": row["version"] + 1}
    return change.record("referral.restricted", "referral", after)


def failed(
    change: Change,
    rows: list[tuple[Row, str, str, dict[str, Any]]],
    day: date,
    run_id: str | None = None,
) -> list[Row]:
    """An attempt that failed for each of these bids: with code, words and details.

    Several on one day count once.
    """
    change.record_all(
        "attempt.failed",
        "attempt",
        [
            {
                "id": new_id(),
                "referral_id": row["id"],
                "day": day,
                "code": code,
                "text": text,
                "run_id": run_id,
                "details": facts,
            }
            for row, code, text, facts in rows
        ],
    )
    counted = []
    for row, *_ in rows:
        if row["last_attempt_day"] != day:
            after = {
                **row,
                "failed_attempts": row["failed_attempts"] + 1,
                "last_attempt_day": day,
                "version": row["version"] + 1,
            }
            counted.append({**after, **(rung_of(change, after) if row["status"] == OPEN else {})})
    return change.record_all("attempt.counted", "referral", counted)

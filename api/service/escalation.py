"""Escalation: who must know of each bid on the list, by when, and what if they do not say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from api.service.acknowledging import ACKNOWLEDGED, is_known
from api.service.change import Change
from api.service.refusals import ConflictError
from api.store.tables import BOOKINGS, FLAGS, REFERRALS
from api.store.values import Row

HAS_A_BED = "bed_by_another_bid"
"""The flag of an open bid whose person has a bed by another booking (`bed_by_another`)."""
HAS_A_BED_IN_PART = "bed_by_another_in_part"
"""The same, where that booking begins too late or ends too soon for what the bid asks."""


def rung_of(change: Change, row: Mapping[str, Any]) -> dict[str, Any]:
    """The rung that a bid must be at now: its columns. It never falls."""
    days = (row["release_date"] - change.today).days
    rung = max(int(row.get("rung", 0)), change.policy.rung_of(days, row["failed_attempts"]))
    if "rung" in row and rung == row["rung"]:
        return {}
    return at_rung(change, rung)


def at_rung(change: Change, rung: int) -> dict[str, Any]:
    """Columns of a bid that has just come to a rung: due, and acknowledged by nobody yet."""
    days = change.policy.escalation[rung].acknowledge_within_days
    return {
        "rung": rung,
        "rung_since": change.at,
        "rung_due": change.at + timedelta(days=days),
        "rung_acknowledged_by": None,
    }


def anew(change: Change, row: Row) -> dict[str, Any]:
    """Columns of a bid that needs somebody again: no lower, and acknowledged by nobody yet.

    A longer ladder may have had its rung: then the top of the one there is.
    """
    now = at_rung(change, min(row["rung"], len(change.policy.escalation) - 1))
    return {**now, **rung_of(change, {**row, **now})}


def on_the_ladder(today: date) -> ColumnElement[bool]:
    """Bids that somebody must know of: open, or booked from a day that went by without a word.

    Not those whose person has a bed by another booking, for as long as they ask: nobody waits
    without a bed for them.
    """
    has_a_bed = select(FLAGS.c.referral_id).where(FLAGS.c.why == HAS_A_BED, ~FLAGS.c.cleared)
    unrecorded = select(BOOKINGS.c.referral_id).where(
        BOOKINGS.c.status == "upcoming",
        BOOKINGS.c.arrival < today,
        BOOKINGS.c.referral_id.is_not(None),
    )
    placed = and_(REFERRALS.c.status == "placed", REFERRALS.c.id.in_(unrecorded))
    without = and_(REFERRALS.c.status == "open", REFERRALS.c.id.not_in(has_a_bed))
    return or_(without, placed)


def waiting(change: Change, ids: list[str]) -> set[str]:
    """Which of these bids are on the ladder."""
    of_these = (REFERRALS.c.id.in_(ids), on_the_ladder(change.today))
    return {row["id"] for row in change.outlines("referral", [], *of_these)}


def acknowledge(change: Change, row: Row) -> Row:
    """A named person says that they know; the first to say so at a rung stands there."""
    if not waiting(change, [row["id"]]):
        raise ConflictError(f"referral {row['id']} is {row['status']}: nothing to acknowledge")
    if is_known(change, row):
        return row
    changes = {"version": row["version"] + 1, "rung_acknowledged_by": change.actor.name}
    return change.record(ACKNOWLEDGED, "referral", {**row, **changes}, rung=row["rung"])


def review(change: Change) -> list[Row]:
    """Bring every bid on the ladder to the rung where it must be; those that rose."""
    top = len(change.policy.escalation) - 1
    risen = []
    for row in change.rows("referral", on_the_ladder(change.today)):
        found = rung_of(change, row)
        if not found and _overdue(row, change.at) and row["rung"] < top:
            found = at_rung(change, row["rung"] + 1)
        if found:
            risen.append({**row, **found, "version": row["version"] + 1})
    return change.record_all("escalation.risen", "referral", risen)


def _overdue(row: Row, now: datetime) -> bool:
    due: datetime = row["rung_due"]
    return row["rung_acknowledged_by"] is None and due < now

"""Withdrawing: what was recorded of a stay by mistake, an arrival, a non-arrival or a departure.

Nothing is deleted: the event stays in the timeline, and another with the reason withdraws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from sqlalchemy import select

from allocator.nights import Stay
from api.service import halves, onward, referrals
from api.service.bookings import (
    CANCELLED,
    DEPARTED,
    NOT_ARRIVED,
    UPCOMING,
    require_a_person,
    the_booking,
)
from api.service.change import Change, check_version
from api.service.claims import require_free
from api.service.escalation import rung_of
from api.service.holds import yield_to
from api.service.judging import refused_by
from api.service.moves import stay_of
from api.service.referrals import raise_flag
from api.service.refusals import ConflictError, InvalidError
from api.service.staying import require_stay
from api.store.apply import HOLDING
from api.store.tables import ATTEMPTS, BOOKINGS, EVENT_PAYLOADS, EVENTS
from api.store.values import Row, as_json, from_json

ARRIVAL, NON_ARRIVAL, DEPARTURE = "booking.arrived", "booking.not_arrived", "booking.departed"
WITHDRAWN: Mapping[str, str] = {
    ARRIVAL: "booking.arrival_withdrawn",
    NON_ARRIVAL: "booking.non_arrival_withdrawn",
    DEPARTURE: "booking.departure_withdrawn",
}
"""By what was recorded, the action that withdraws it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The event that brought a booking to its status, with its rows before and after, as JSON."""

    seq: int
    action: str
    before: Row
    after: Row
    moved_to: str | None


def outcome_of(change: Change, row: Row) -> Outcome | None:
    """What was recorded of the booking and may be withdrawn; None: nothing."""
    found = _outcome(change, row)
    return None if found is None or found.moved_to is not None else found


def withdraw_outcome(change: Change, identifier: str, reason: str, version: int | None) -> Row:
    """The booking and its bid are as they were before it was recorded.

    Raises ConflictError where what came later rests on it, or its nights are somebody else's now.
    """
    row = the_booking(change, identifier)
    check_version(row, version)
    if not reason.strip():
        raise InvalidError("a reason is needed")
    outcome = _outcome(change, row)
    if outcome is None:
        raise ConflictError(
            f"booking {identifier} is {row['status']}, and no arrival, non-arrival or departure "
            "that was recorded made it so",
            code="nothing-to-withdraw",
            status_now=row["status"],
        )
    if outcome.moved_to is not None:
        raise _later(
            "the departure followed from the arrival in another bed: withdraw that arrival",
            booking_id=outcome.moved_to,
        )
    bid = None if row["referral_id"] is None else change.find("referral", row["referral_id"])
    if outcome.action == NON_ARRIVAL:
        _require_waiting(change, row, bid, outcome)
    if outcome.action == ARRIVAL:
        _require_whole(change, row)
    restored = _restored(change, row, outcome, reason)
    if outcome.action == ARRIVAL:
        _first_halves(change, restored, reason)
    if bid is not None:
        _as_it_was(change, bid, outcome, restored, reason)
    if outcome.action == DEPARTURE:
        _go_on(change, restored, outcome, reason)
    onward.review(change, row["crn"])
    return change.row("booking", identifier)


def _outcome(change: Change, row: Row) -> Outcome | None:
    """The last event that changed its status, of those that were not withdrawn."""
    events = change.connection.execute(
        select(EVENTS.c.seq, EVENTS.c.action, EVENT_PAYLOADS.c.payload)
        .join(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
        .where(EVENTS.c.kind == "booking", EVENTS.c.subject == row["id"])
        .order_by(EVENTS.c.seq.desc())
    ).all()
    undone = [(e.payload["withdrawn"], e.seq) for e in events if "withdrawn" in e.payload]
    for now, before in pairwise(events):
        if any(first <= now.seq <= last for first, last in undone):
            continue  # what else happened meanwhile has the status that was withdrawn
        if before.payload["row"]["status"] != row["status"]:
            if now.action not in WITHDRAWN:
                return None
            rows = before.payload["row"], now.payload["row"]
            return Outcome(now.seq, now.action, *rows, now.payload.get("moved_to"))
    return None


def _restored(change: Change, row: Row, outcome: Outcome, reason: str) -> Row:
    """The booking with what the event changed as it was before; other changes since then stand."""
    now, before, after = as_json(row), outcome.before, outcome.after
    changed = {name for name in after if after[name] != before.get(name)} - {"version"}
    if any(now[name] != after[name] for name in changed):
        raise _later("the stay was changed since, and what it is now rests on it")
    undone = {name: before[name] for name in changed}
    restored = from_json(BOOKINGS, {**now, **undone, "version": row["version"] + 1})
    if row["status"] not in HOLDING:
        require_a_person(change)
        _require_nights(change, row, restored)
    return change.record(
        WITHDRAWN[outcome.action], "booking", restored, reason=reason, withdrawn=outcome.seq
    )


def _require_nights(change: Change, row: Row, restored: Row) -> None:
    """Raise ConflictError or UnlawfulError unless the person may have the bed's nights again."""
    bed_id, departure = restored["bed_id"], restored["departure"]
    if bed_id is None or restored["surplus"] or restored["held_from"] >= departure:
        return
    again = Stay(restored["held_from"], departure)
    if departure <= change.today:
        require_free(change, row["crn"], bed_id, again, ignoring=[row["id"]])
        return
    yield_to(change, bed_id, Stay(max(again.arrival, change.today), departure))
    require_stay(change, restored, bed_id, Stay(restored["arrival"], departure), again)


def _require_waiting(change: Change, row: Row, bid: Row | None, outcome: Outcome) -> None:
    """Raise ConflictError unless the stay can still begin, and its bid has no other bed.

    The bid of somebody who came to the first half of the stay is closed before and after.
    """
    if row["departure"] <= change.today:
        raise _later("the nights of the stay are over")
    if (kept := _kept_instead(change, row)) is not None:
        why = "the person kept the bed that they were to move from"
        left = kept["status"] == DEPARTED
        mend = (
            ", and left it since: withdraw that departure first"
            if left
            else ": transfer them again"
        )
        raise _later(why + mend, booking_id=kept["id"])
    if bid is None or bid["status"] == referrals.OPEN:
        return
    if not bid["status"] == _bid_before(change, bid, outcome)["status"] == referrals.ARRIVED:
        raise _later(f"its bid, which was open since, is {bid['status']} by now")


def _kept_instead(change: Change, row: Row) -> Row | None:
    """The stay that went on when nobody came to this one; None where it was moved as a whole, or
    they had left it by the day of the move.
    """
    before = takewhile(lambda each: each["id"] != row["id"], stay_of(change, row))
    for each in reversed(list(before)):
        left_later = each["status"] == DEPARTED and each["departure"] > row["arrival"]
        if left_later or each["status"] in HOLDING:
            return each
    return None


def _require_whole(change: Change, row: Row) -> None:
    """Raise ConflictError where the stay goes on, or went on, in another bed."""
    for each in stay_of(change, row):
        made_of_it = each["transferred_from"] == row["id"]
        if not made_of_it or each["status"] in (CANCELLED, NOT_ARRIVED):
            continue
        why = "the person was transferred to another bed since"
        if each["status"] == UPCOMING:
            why = (
                f"another bed is booked for the person from {each['arrival']}: cancel that booking "
                "first"
            )
        raise _later(why, booking_id=each["id"])


def _as_it_was(change: Change, bid: Row, outcome: Outcome, row: Row, reason: str) -> None:
    """The bid is what it was just before, where what was recorded changed it."""
    before = _bid_before(change, bid, outcome)
    if outcome.action == NON_ARRIVAL:
        if (before["status"], before["booking_id"]) == (referrals.PLACED, row["id"]):
            _has_its_bed(change, bid, row, reason)
    elif outcome.action == ARRIVAL and before["status"] != bid["status"] == referrals.ARRIVED:
        _not_closed(change, bid, before, reason)


def _bid_before(change: Change, bid: Row, outcome: Outcome) -> Row:
    """The row of a bid just before the event, as JSON."""
    last = (
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "referral", EVENTS.c.subject == bid["id"])
        .where(EVENTS.c.seq < outcome.seq)
        .order_by(EVENTS.c.seq.desc())
        .limit(1)
    )
    before: Row = change.connection.execute(last).scalar_one()["row"]
    return before


def _has_its_bed(change: Change, bid: Row, row: Row, reason: str) -> None:
    """The bid is placed by the booking again, and the attempt did not fail."""
    theirs = change.rows(
        "attempt",
        ATTEMPTS.c.referral_id == bid["id"],
        ATTEMPTS.c.code != referrals.ATTEMPT_WITHDRAWN,
    )
    mine = [each for each in theirs if each["details"].get("booking_id") == row["id"]]
    others = {each["day"] for each in theirs if each not in mine}
    counted = {each["day"] for each in mine} - others
    text = f"Did not fail: it was withdrawn. {reason}"
    withdrawn = [{**each, "code": referrals.ATTEMPT_WITHDRAWN, "text": text} for each in mine]
    change.record_all("attempt.withdrawn", "attempt", withdrawn)
    fewer = {
        **bid,
        "failed_attempts": bid["failed_attempts"] - len(counted),
        "last_attempt_day": max(others, default=None),
    }
    referrals.moved_to(
        change, fewer, referrals.PLACED, "referral.placed", booking_id=row["id"], reason=reason
    )


def _first_halves(change: Change, row: Row, reason: str) -> None:
    """Who did not come to the second half of a stay has not left the first."""
    if row["transferred_from"] is None:
        return
    theirs = BOOKINGS.c.crn == row["crn"], BOOKINGS.c.referral_id == row["referral_id"]
    for first in change.rows("booking", *theirs, BOOKINGS.c.status == DEPARTED):
        left = _outcome(change, first)
        if left is not None and left.moved_to == row["id"]:
            _restored(change, first, left, reason)


def _go_on(change: Change, row: Row, outcome: Outcome, reason: str) -> None:
    """Who has not left after all has the nights of moves that were called off since, in the last
    bed that they have; their bid is flagged where these are not to be had.
    """
    stay = stay_of(change, row)
    called_off = change.connection.execute(
        select(EVENTS.c.subject).where(
            EVENTS.c.kind == "booking",
            EVENTS.c.subject.in_([each["id"] for each in stay]),
            EVENTS.c.seq > outcome.seq,
            EVENTS.c.action.in_(("booking.cancelled", NON_ARRIVAL)),
        )
    )
    gone = set(called_off.scalars())
    last = [each for each in stay if each["status"] in HOLDING][-1]
    end = last["departure"]
    for each in stay:
        if each["id"] in gone and each["arrival"] == end:
            end = each["departure"]
    if end <= max(last["departure"], change.today):
        return
    refusal = refused_by(lambda: halves.go_on(change, last, end, reason))
    if refusal is not None and last["referral_id"] is not None:
        bid = change.row("referral", last["referral_id"])
        raise_flag(change, [bid], onward.MOVE_CALLED_OFF, last["id"])


def _not_closed(change: Change, bid: Row, before: Row, reason: str) -> None:
    """The bid of somebody who has not arrived after all waits for them, or for a bed, again."""
    kept = {name: before[name] for name in ("status", "booking_id", "closed_reason")}
    after = {**bid, **kept, "version": bid["version"] + 1}
    action = "referral.placed_again"
    if after["status"] == referrals.OPEN:
        action = "referral.reopened"
        after |= rung_of(change, after)
    change.record(action, "referral", after, reason=reason)


def _later(why: str, **facts: Any) -> ConflictError:
    return ConflictError(f"this cannot be withdrawn: {why}", code="later-facts", **facts)

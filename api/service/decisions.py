"""Decisions: a named person accepts, changes or refuses what a run proposed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from allocator.nights import Stay
from api.service import referrals
from api.service.bookings import book
from api.service.change import Change
from api.service.contradictions import require_seen
from api.service.costs import costs_of
from api.service.documents import document
from api.service.judging import Judged, judged, refused_by
from api.service.kept_out import keep_out
from api.service.late_arrivals import days_too_late
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
)
from api.store.records import referral
from api.store.tables import BEDS, EVENTS, ROOMS
from api.store.values import Row, written_moment

CHANGING_FACTS = {
    "referral": ("referral.changed", "referral.recorded"),
    "bed": ("bed.changed",),
    "room": ("room.changed",),
    "premises": ("premises.changed",),
}
"""Events after which a proposal is not what was proposed."""


class Action(StrEnum):
    """What may be decided of a proposal."""

    ACCEPT = "accept"
    CHANGE = "change"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `seen_through`: the last event that the person has seen."""

    action: Action
    reason: str = ""
    bed_id: str | None = None
    arrival: date | None = None
    departure: date | None = None
    seen_through: int | None = None
    override_hold: str = ""
    keep_out: bool = False
    """With a refusal: these premises are not to be proposed to the person again."""
    seen_otherwise: bool = False
    """Whether it was seen what another bid of the person says otherwise of risk."""
    unopened: bool = False
    """Accepted with others by somebody who said that they had not opened it."""


def decide(
    change: Change, run_id: str, referral_id: str, decision: Decision
) -> tuple[Row, Row | None, list[str]]:
    """Record the decision, and book the bed unless it is a refusal.

    The proposal, the booking, and what a change costs in words. Raises ConflictError when the
    proposal has been decided, its facts have changed, or the bed is taken.
    """
    bid, proposal, run = _asked(change, run_id, referral_id, decision)
    if decision.action is Action.REFUSE:
        return _refused(change, proposal, bid, decision), None, []
    _nothing_has_changed(change, run, proposal, decision.seen_through)
    _in_time(change, proposal, decision.reason)
    bed_id, stay = wanted_bed(proposal, decision)
    _not_late(change, bid, stay, decision.reason)
    seen = require_seen(change, bid, decision.seen_otherwise)
    costs = costs_of(change, referral(bid), proposal, bed_id, stay)
    status = "accepted" if decision.action is Action.ACCEPT else "changed"
    # Decided before it is booked: booking settles what is still proposed for the bid.
    row = _decided(change, proposal, status, decision)
    booking = book(
        change,
        bid,
        bed_id,
        stay,
        lambda: seats_of(change, run),
        override_hold=decision.override_hold,
        run_id=run_id,
        decision=status,
        costs=costs,
        **seen,
    )
    row = change.record("proposal.booked", "proposal", {**row, "booking_id": booking["id"]})
    return row, booking, costs


def foreseen(change: Change, run_id: str, referral_id: str, decision: Decision) -> Judged:
    """What the decision would be refused for, and what it would move, were it sent now.

    Every check that booking makes, by the same functions; where booking ends at the first that
    refuses, all are told here. Changes nothing. Raises what no change of bed or days would mend.
    """
    bid, proposal, run = _asked(change, run_id, referral_id, decision)
    bed_id, stay = wanted_bed(proposal, decision)
    checks: list[Callable[[], object]] = [
        lambda: _nothing_has_changed(change, run, proposal, decision.seen_through),
        lambda: _in_time(change, proposal, decision.reason),
        lambda: _not_late(change, bid, stay, decision.reason),
        lambda: require_seen(change, bid, decision.seen_otherwise),
    ]
    found = [refusal for check in checks if (refusal := refused_by(check)) is not None]
    about = judged(
        change,
        bid,
        bed_id,
        stay,
        lambda: seats_of(change, run),
        override_hold=decision.override_hold,
    )
    return Judged([*found, *about.objections], about.moved, about.uses)


def _asked(
    change: Change, run_id: str, referral_id: str, decision: Decision
) -> tuple[Row, Row, Row]:
    """The bid, the proposal and the run, of a decision that may be made at all."""
    if not change.actor.is_person:
        raise NotAllowedError("only a named person decides")
    bid = referrals.the_bid(change, referral_id)
    proposal = change.row("proposal", f"{run_id}/{referral_id}")
    if proposal["status"] != "proposed":
        raise ConflictError(
            f"this proposal is {proposal['status']}",
            code="decided",
            status_now=proposal["status"],
            decided_by=proposal["decided_by"],
            decided_at=_when(proposal["decided_at"]),
        )
    if decision.action is not Action.ACCEPT and not decision.reason.strip():
        raise InvalidError("a reason is needed to change or refuse a proposal")
    if decision.keep_out and decision.action is not Action.REFUSE:
        raise InvalidError("premises are kept from being proposed again by a refusal alone")
    return bid, proposal, change.row("run", run_id)


def wanted_bed(proposal: Row, decision: Decision) -> tuple[str, Stay]:
    """The bed and the stay that a decision comes to. Raises InvalidError when it is neither."""
    same = decision.bed_id is None and decision.arrival is None and decision.departure is None
    if same != (decision.action is Action.ACCEPT):
        raise InvalidError("a change names another bed or other dates; to accept, name neither")
    proposed = Stay(proposal["arrival"], proposal["departure"])
    arrival = decision.arrival or proposed.arrival
    departure = decision.departure
    if departure is None:
        return decision.bed_id or proposal["bed_id"], Stay.of(arrival, proposed.nights)
    if departure <= arrival:
        raise InvalidError("the departure must be after the arrival")
    return decision.bed_id or proposal["bed_id"], Stay(arrival, departure)


def changes_since(change: Change, run: Row, proposal: Row, since: int = 0) -> list[dict[str, Any]]:
    """Every fact about the proposal that changed since the run's snapshot, and since this event."""
    room = change.connection.execute(
        select(ROOMS.c.id)
        .join(BEDS, BEDS.c.room_id == ROOMS.c.id)
        .where(BEDS.c.id == proposal["bed_id"])
    ).scalar()
    subjects = {
        "referral": proposal["referral_id"],
        "bed": proposal["bed_id"],
        "room": room,
        "premises": proposal["premises_id"],
    }
    found = []
    for kind, subject in subjects.items():
        rows = change.connection.execute(
            select(EVENTS.c.seq, EVENTS.c.at, EVENTS.c.action, EVENTS.c.actor_name)
            .where(EVENTS.c.kind == kind, EVENTS.c.subject == subject)
            .where(EVENTS.c.seq > max(run["register_seq"], since))
            .where(EVENTS.c.action.in_(CHANGING_FACTS[kind]))
            .order_by(EVENTS.c.seq)
        )
        found += [
            {
                "seq": row.seq,
                "at": written_moment(row.at),
                "what": row.action,
                "by": row.actor_name,
                "kind": kind,
                "id": subject,
            }
            for row in rows
        ]
    return sorted(found, key=lambda each: each["seq"])


def _nothing_has_changed(change: Change, run: Row, proposal: Row, seen_through: int | None) -> None:
    """Raise ConflictError with every fact about the proposal that changed since the snapshot.

    Raises InvalidError when events to come are said to have been seen: they would count for ever.
    """
    if seen_through is not None and seen_through > change.register_seq:
        raise InvalidError("seen_through is the number of no event yet", code="not-yet")
    if found := changes_since(change, run, proposal, seen_through or 0):
        raise ConflictError(
            "facts behind this proposal have changed since it was made: look at them, and send "
            "the decision again with seen_through",
            code="changed-since",
            changes=found,
            seen_through=change.register_seq,
        )


def _in_time(change: Change, proposal: Row, reason: str) -> None:
    if change.today < proposal["decide_by"] and not reason.strip():
        raise InvalidError(
            f"this proposal is provisional until {proposal['decide_by']}: booking it before needs "
            "a reason",
            code="provisional",
        )


def _not_late(change: Change, bid: Row, stay: Stay, reason: str) -> None:
    asked = referral(bid)
    if days_too_late(asked, stay.arrival, change.today) and not reason.strip():
        raise InvalidError(
            f"the arrival, {stay.arrival}, is after the latest arrival now asked for, "
            f"{asked.latest_arrival}: booking it needs a reason",
            code="after-latest-arrival",
        )


def _refused(change: Change, proposal: Row, bid: Row, decision: Decision) -> Row:
    row = _decided(change, proposal, "refused", decision)
    facts = {"run_id": proposal["run_id"], "bed_id": proposal["bed_id"]}
    referrals.failed(
        change,
        [(bid, "proposal_refused", decision.reason, facts)],
        change.today,
        proposal["run_id"],
    )
    if decision.keep_out:
        keep_out(change, bid, proposal["premises_id"], decision.reason, **facts)
    return row


def _decided(change: Change, proposal: Row, status: str, decision: Decision) -> Row:
    after = {
        **proposal,
        "status": status,
        "decided_by": change.actor.name,
        "decided_at": change.at,
        "reason": decision.reason or None,
    }
    # The reason stands in the row too; here it is what the timeline tells of the decision.
    facts: dict[str, Any] = {"reason": decision.reason} if decision.reason.strip() else {}
    facts |= {"unopened": True} if decision.unopened else {}
    return change.record(f"proposal.{status}", "proposal", after, **facts)


def seats_of(change: Change, run: Row) -> dict[str, str]:
    """Where the run's plan put bookings whose bed nobody has named."""
    if run["plan"] is None:
        return {}
    try:
        plan: dict[str, Any] = json.loads(document(change.connection, run["plan"]))
    except NotThereError:  # erased since: nobody can be moved as it had it
        return {}
    return {seat["booking_id"]: seat["bed_id"] for seat in plan["seats"] if seat["inferred"]}


def _when(moment: Any) -> str | None:
    return None if moment is None else written_moment(moment)

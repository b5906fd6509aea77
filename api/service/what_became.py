"""What became of a proposal: what was booked for it, or what overtook it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from api.service.change import Change
from api.service.latest_plans import overtaken_by
from api.store.tables import EVENT_PAYLOADS, EVENTS, PROPOSALS, RUNS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Booked:
    """As it was booked by the decision. `now`: the booking as it is.

    `passed_over`: why a hold was; `costs`: what a change cost the person, in words.
    """

    bed_id: str
    premises_id: str
    arrival: date
    departure: date
    passed_over: str
    costs: tuple[str, ...]
    now: Row

    @property
    def has_moved_on(self) -> bool:
        """Whether the booking is another than it was when it was made."""
        then = (self.bed_id, self.arrival, self.departure)
        now = (self.now["bed_id"], self.now["arrival"], self.now["departure"])
        return then != now or self.now["status"] != "upcoming"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """`at` and `by`: when and by whom, where the timeline says so. `again`: the proposal in its
    place; `run`: the plan that holds now; `bid_status`: of the bid, which may be open no more.
    """

    at: datetime | None
    by: str
    again: Row | None
    run: Row | None
    bid_status: str


def booked(change: Change, proposal: Row) -> Booked | None:
    """What the decision booked; None: nothing."""
    now = None if proposal["booking_id"] is None else change.find("booking", proposal["booking_id"])
    if now is None:
        return None
    event = _event(change, "booking", now["id"], "booking.made")
    payload: dict[str, Any] = (event and event["payload"]) or {}
    then = payload.get("row") or {}
    return Booked(
        then.get("bed_id") or now["bed_id"],
        then.get("premises_id") or now["premises_id"],
        _day(then.get("arrival"), now["arrival"]),
        _day(then.get("departure"), now["departure"]),
        payload.get("override") or "",
        tuple(payload.get("costs") or ()),
        now,
    )


def overtaken(change: Change, proposal: Row) -> Overtaken | None:
    """What stands in the place of the proposal; None: it was not overtaken."""
    if proposal["status"] != "superseded":
        return None
    event = _event(change, "proposal", proposal["id"], "proposal.superseded")
    theirs = PROPOSALS.c.referral_id == proposal["referral_id"]
    found = change.connection.execute(
        select(PROPOSALS)
        .join(RUNS, RUNS.c.id == PROPOSALS.c.run_id)
        .where(theirs, PROPOSALS.c.id != proposal["id"], PROPOSALS.c.status != "superseded")
        .order_by(RUNS.c.register_seq.desc(), PROPOSALS.c.id)
        .limit(1)
    )
    again = found.mappings().first()
    return Overtaken(
        event["at"] if event else None,
        event["actor_name"] if event else "",
        None if again is None else dict(again),
        overtaken_by(change.connection, proposal["run_id"]),
        str(change.row("referral", proposal["referral_id"])["status"]),
    )


def _event(change: Change, kind: str, subject: str, action: str) -> Row | None:
    """The last event of this action on a record, with its payload, which may be erased."""
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    mine = (EVENTS.c.kind == kind, EVENTS.c.subject == subject, EVENTS.c.action == action)
    wanted = select(EVENTS.c.at, EVENTS.c.actor_name, EVENT_PAYLOADS.c.payload)
    found = change.connection.execute(
        wanted.select_from(joined).where(*mine).order_by(EVENTS.c.seq.desc()).limit(1)
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def _day(text: str | None, otherwise: date) -> date:
    return otherwise if text is None else date.fromisoformat(text)

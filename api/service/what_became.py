"""What became of a proposal: what was booked for it, or what overtook it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from api.service.change import Change
from api.service.latest_plans import overtaken_by
from api.service.moves import last_of, stay_of
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, EVENT_PAYLOADS, EVENTS, PROPOSALS, RUNS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Booked:
    """As it was booked by the decision. `now`: the booking as it is, or the last in its place.

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
class LastBooked:
    """`proposal`: by which it was booked, in this bed or another; None: no plan had proposed it."""

    booking: Row
    proposal: Row | None

    @property
    def bed_id(self) -> str | None:
        """The bed that was proposed, or else booked."""
        bed: str | None = (self.proposal or self.booking)["bed_id"]
        return bed


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


def last_booked(change: Change, bid_id: str) -> LastBooked | None:
    """The bed that was booked last for the bid; None: none ever was."""
    found = change.rows("booking", BOOKINGS.c.referral_id == bid_id)
    booking = max(found, key=lambda row: (row["made_at"], row["id"]), default=None)
    if booking is None:
        return None
    stay = [row["id"] for row in stay_of(change, booking)]
    mine = PROPOSALS.c.referral_id == bid_id, PROPOSALS.c.booking_id.in_(stay)
    return LastBooked(booking, next(iter(change.rows("proposal", *mine)), None))


def booked(change: Change, proposal: Row) -> Booked | None:
    """What the decision booked; None: nothing."""
    return booked_of(change, [proposal]).get(proposal["id"])


def booked_of(change: Change, proposals: Sequence[Row]) -> dict[str, Booked]:
    """What was booked, by proposal, of those for which something was."""
    of = {row["booking_id"]: row["id"] for row in proposals if row["booking_id"] is not None}
    found = {}
    for some_ids in by_many(sorted(of)):
        payloads = _made(change, some_ids)
        made = change.rows("booking", BOOKINGS.c.id.in_(some_ids))
        last = last_of(change, made)
        for row in made:
            found[of[row["id"]]] = _as_booked(row, payloads.get(row["id"]) or {}, last[row["id"]])
    return found


def _made(change: Change, booking_ids: Sequence[str]) -> dict[str, Any]:
    """By booking, what the event holds by which it was made; nothing where it is erased."""
    made = (EVENTS.c.kind == "booking", EVENTS.c.action == "booking.made")
    wanted = (
        select(EVENTS.c.subject, EVENT_PAYLOADS.c.payload)
        .join(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(*made, EVENTS.c.subject.in_(booking_ids))
        .order_by(EVENTS.c.seq)
    )
    return {row.subject: row.payload for row in change.connection.execute(wanted)}


def _as_booked(made: Row, payload: dict[str, Any], now: Row) -> Booked:
    then = payload.get("row") or {}
    return Booked(
        then.get("bed_id") or made["bed_id"],
        then.get("premises_id") or made["premises_id"],
        _day(then.get("arrival"), made["arrival"]),
        _day(then.get("departure"), made["departure"]),
        payload.get("override") or "",
        tuple(payload.get("costs") or ()),
        now,
    )


def overtaken(change: Change, proposal: Row) -> Overtaken | None:
    """What stands in the place of the proposal; None: it was not overtaken."""
    if proposal["status"] != "superseded":
        return None
    event = _superseded(change, proposal)
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


def _superseded(change: Change, proposal: Row) -> Row | None:
    """When and by whom a proposal was overtaken, where the timeline says so."""
    mine = (EVENTS.c.kind == "proposal", EVENTS.c.subject == proposal["id"])
    wanted = select(EVENTS.c.at, EVENTS.c.actor_name).where(*mine)
    last = wanted.where(EVENTS.c.action == "proposal.superseded").order_by(EVENTS.c.seq.desc())
    row = change.connection.execute(last.limit(1)).mappings().first()
    return None if row is None else dict(row)


def _day(text: str | None, otherwise: date) -> date:
    return otherwise if text is None else date.fromisoformat(text)

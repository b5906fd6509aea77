"""Unsuitable: beds that are booked and could not be booked for the person now.

By the rules that booking asks. Nothing is undone: a named person transfers or cancels. Whoever is
there already is in such a bed until they are transferred, or leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy import select

from allocator.check import one_person_a_bed_night
from allocator.explain.said import listed
from allocator.nights import Stay
from allocator.rules import bed_in_service, held_bed, offences
from api.service.change import Change
from api.service.judging import refused_by
from api.service.kept_verdicts import KeptVerdicts
from api.service.lawful import offences_not_taken, require_lawful
from api.service.learned import Learned, learned_since
from api.service.move_day import may_move
from api.service.moves import next_of
from api.service.seeing import bids_of_hidden
from api.service.staying import asked_about
from api.store.apply import HOLDING
from api.store.chain import head
from api.store.tables import BOOKINGS, EVENTS, FLAGS, OUT_OF_SERVICE
from api.store.values import Row

MOST = 200
"""Booked bids that are judged for a list: each takes a hundredth of a second."""
_NOT_ASKED = {held_bed.CODE, one_person_a_bed_night.CODE}
"""The nights are the booking's own: of a bed that cannot be used it is `bed_in_service` that says
so, and nobody else can have them."""
Event = tuple[int, str]
"""Number and hash of the register's last event at a look."""
_KEPT: KeptVerdicts[tuple[Event, tuple[str, ...]]] = KeptVerdicts()
"""By booking, what stood against it on this day, by this policy, and after which event."""


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """A booked bid, and the rules that its bed would breach, as a refusal of the bed has them;
    none: it was not judged. `moves`: from which day another bed is booked for them; `movable`:
    whether they could be moved to one now.
    """

    referral_id: str
    crn: str
    booking: Row
    against: tuple[str, ...]
    moves: date | None
    movable: bool


def against(change: Change, booking: Row) -> tuple[str, ...]:
    """Rules that the nights to come would breach; none of a stay that has none, or has no bed.

    A hold is not among them: the stay had the nights before it, or somebody passed it over.
    """
    nights = nights_to_come(change, booking)
    if nights is None:
        return ()
    asked = asked_about(change, booking, booking["bed_id"], nights)
    refusal = refused_by(lambda: require_lawful(change, asked, told=_NOT_ASKED))
    if refusal is None:
        return ()
    found = {breach["code"]: str(breach["text"]) for breach in refusal.extra["breaches"]}
    if bed_in_service.CODE in found:
        found[bed_in_service.CODE] = _closed(change, asked.bed_id, nights) or (
            "the bed is not there on some nights of the stay"
        )
    if offences.CODE in found and asked.referral is not None:
        found[offences.CODE] = offences_not_taken(change, asked.referral, asked.bed_id)
    return tuple(found.values())


def _closed(change: Change, bed_id: str, nights: Stay) -> str:
    """On which nights the bed is out of service, of those that meet these; empty: on none."""
    rows = change.rows(
        "out_of_service",
        OUT_OF_SERVICE.c.bed_id == bed_id,
        ~OUT_OF_SERVICE.c.cancelled,
        OUT_OF_SERVICE.c.first_night < nights.departure,
        OUT_OF_SERVICE.c.end > nights.arrival,
    )
    told = sorted((row["first_night"], row["end"] - timedelta(days=1)) for row in rows)
    spans = listed([f"from {first} to {last}" for first, last in told])
    return f"the bed is out of service on the nights {spans}" if told else ""


def nights_to_come(change: Change, booking: Row) -> Stay | None:
    """What is judged of a booking: its nights from today on; None: it has none, or no bed."""
    first = max(booking["arrival"], change.today)
    holds = booking["status"] in HOLDING and booking["bed_id"] and not booking["surplus"]
    return Stay(first, booking["departure"]) if holds and first < booking["departure"] else None


def unsuitable(change: Change) -> tuple[list[Unsuitable], list[Unsuitable]]:
    """Of booked bids and residents whose risk information changed since, those in such a bed, the
    first to arrive first; and those not judged, beyond MOST. None of whom the actor may not know.
    """
    changed = (
        select(BOOKINGS.c.id)
        .join(FLAGS, FLAGS.c.referral_id == BOOKINGS.c.referral_id)
        # An arrival clears the flag, and the bed suits no better for it.
        .where(FLAGS.c.why == "risk_changed", FLAGS.c.raised >= BOOKINGS.c.made_at)
    )
    hidden = bids_of_hidden(change.connection, change.actor)
    there = BOOKINGS.c.id.in_(changed), BOOKINGS.c.status.in_(HOLDING)
    bookings = [row for row in change.rows("booking", *there) if row["referral_id"] not in hidden]
    bookings.sort(key=lambda row: (row["arrival"], row["id"]))
    why = _against_each(change, bookings[:MOST])
    after = next_of(change, bookings[:MOST])
    told = [
        Unsuitable(
            row["referral_id"],
            row["crn"],
            row,
            why.get(row["id"], ()),
            after[row["id"]]["arrival"] if row["id"] in after else None,
            may_move(row, change.today),
        )
        for row in bookings
    ]
    return [each for each in told[:MOST] if each.against], told[MOST:]


def _against_each(change: Change, bookings: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """By booking, as at the last look where nothing was recorded since of the person, the premises
    or whoever they are kept apart from.
    """
    now = head(change.connection, EVENTS)
    ground = change.today, change.policy.digest

    @cache
    def since(event: Event) -> Learned | None:
        return learned_since(change, event[0], {}) if _was_there(change, event) else None

    found = {}
    for row in bookings:
        kept = _KEPT.get(row["id"], ground)
        learned = None if kept is None else since(kept[0])
        if kept is not None and learned is not None and _nothing_new(learned, row):
            found[row["id"]] = kept[1]
        else:
            found[row["id"]] = against(change, row)
        _KEPT.put(row["id"], ground, (now, found[row["id"]]))
    return found


def _nothing_new(learned: Learned, booking: Row) -> bool:
    """What is gone may have been of this person or these premises."""
    return not learned.gone and not learned.about(booking["crn"], booking["premises_id"])


def _was_there(change: Change, event: Event) -> bool:
    """Whether the look was at this register."""
    hashes = select(EVENTS.c.hash).where(EVENTS.c.seq == event[0])
    return change.connection.execute(hashes).scalar_one_or_none() == event[1]

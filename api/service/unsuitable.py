"""Unsuitable: beds that are booked and could not be booked for the person now.

By the rules that booking asks. Nothing is undone: a named person transfers or cancels. Whoever is
there already is in such a bed until they are transferred, or leave.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from allocator.nights import Stay
from allocator.rules import held_bed, offences
from api.service.change import Change
from api.service.judging import refused_by
from api.service.kept_verdicts import KeptVerdicts
from api.service.lawful import offences_not_taken, require_lawful
from api.service.seeing import bids_of_hidden
from api.service.staying import asked_about
from api.store.apply import HOLDING
from api.store.chain import head
from api.store.tables import BOOKINGS, EVENTS, FLAGS
from api.store.values import Row

MOST = 200
"""Booked bids that are judged for a list: each takes a hundredth of a second."""
_KEPT: KeptVerdicts[tuple[str, ...]] = KeptVerdicts()
"""By booking, what stands against it, on which day and after which event of the register."""


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """A booked bid, and the rules that its bed would breach, as a refusal of the bed has them;
    none: it was not judged.
    """

    referral_id: str
    crn: str
    booking: Row
    against: tuple[str, ...]


def against(change: Change, booking: Row) -> tuple[str, ...]:
    """Rules that the nights to come would breach; none of a stay that has none, or has no bed.

    A hold is not among them: the stay had the nights before it, or somebody passed it over.
    """
    nights = nights_to_come(change, booking)
    if nights is None:
        return ()
    asked = asked_about(change, booking, booking["bed_id"], nights)
    refusal = refused_by(lambda: require_lawful(change, asked, told={held_bed.CODE}))
    if refusal is None:
        return ()
    found = {breach["code"]: str(breach["text"]) for breach in refusal.extra["breaches"]}
    if offences.CODE in found and asked.referral is not None:
        found[offences.CODE] = offences_not_taken(change, asked.referral, asked.bed_id)
    return tuple(found.values())


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
    now = change.today, head(change.connection, EVENTS)
    judged = ((row, _kept_against(change, row, now)) for row in bookings[:MOST])
    found = [Unsuitable(row["referral_id"], row["crn"], row, why) for row, why in judged if why]
    return found, [Unsuitable(row["referral_id"], row["crn"], row, ()) for row in bookings[MOST:]]


def _kept_against(change: Change, booking: Row, now: object) -> tuple[str, ...]:
    """The same as at the last look, where nothing at all was recorded since."""
    kept = _KEPT.get(booking["id"], now)
    if kept is None:
        kept = against(change, booking)
        _KEPT.put(booking["id"], now, kept)
    return kept

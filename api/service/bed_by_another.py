"""Bed by another: open bids of people who have a bed by another bid, on all nights it could be.

Somebody must withdraw such a bid, or cancel the booking, but nobody waits without a bed for it: it
is flagged, and leaves the ladder until the booking is there no more.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, null, or_, select

from api.service.bookings import ARRIVED, UPCOMING
from api.service.change import Change
from api.service.escalation import HAS_A_BED, anew
from api.service.referrals import OPEN, raise_flag
from api.service.settle import clear
from api.store.records import referral
from api.store.tables import BOOKINGS, FLAGS, REFERRALS


def review(change: Change) -> None:
    """Flags for what is new, none for what is over; a bid left without one begins its rung anew."""
    booked = _booked(change)
    raised = change.rows("flag", FLAGS.c.why == HAS_A_BED, ~FLAGS.c.cleared)
    over = [flag for flag in raised if booked.get(flag["referral_id"]) != flag["about"]]
    clear(change, over)
    known = {(flag["referral_id"], flag["about"]) for flag in raised}
    for bid_id, booking_id in sorted(booked.items() - known):
        raise_flag(change, [change.row("referral", bid_id)], HAS_A_BED, booking_id)
    without = {flag["referral_id"] for flag in over} - booked.keys()
    bids = [change.row("referral", bid_id) for bid_id in sorted(without)]
    back = [
        {**bid, **anew(change, bid), "version": bid["version"] + 1}
        for bid in bids
        if bid["status"] == OPEN
    ]
    change.record_all("escalation.begun", "referral", back)


def _booked(change: Change) -> dict[str, str]:
    """The booking by another bid which each stay that a bid allows would meet, by the open bid.

    A booking that no bed holds, or to which nobody is known to have come in time, is no bed. Of
    people with a restricted bid there is none: to leave the ladder would tell of the other bid.
    """
    there = or_(
        BOOKINGS.c.status == ARRIVED,
        and_(BOOKINGS.c.status == UPCOMING, BOOKINGS.c.arrival >= change.today),
    )
    restricted = select(REFERRALS.c.crn).where(REFERRALS.c.restricted_to.is_not(null()))
    found = (
        select(REFERRALS.c.id, BOOKINGS.c.id)
        .join(BOOKINGS, BOOKINGS.c.crn == REFERRALS.c.crn)
        .where(REFERRALS.c.status == OPEN, there, ~BOOKINGS.c.surplus)
        .where(BOOKINGS.c.referral_id != REFERRALS.c.id)
        .where(REFERRALS.c.crn.not_in(restricted))
        .order_by(REFERRALS.c.id, BOOKINGS.c.id)
    )
    booked: dict[str, str] = {}
    for bid_id, booking_id in change.connection.execute(found).all():
        if _meets_all(change, bid_id, booking_id):
            booked.setdefault(bid_id, booking_id)
    return booked


def _meets_all(change: Change, bid_id: str, booking_id: str) -> bool:
    value = referral(change.row("referral", bid_id))
    booking = change.row("booking", booking_id)
    first = max(value.release_date, change.today)
    last = max(value.latest_arrival, first)
    leaves: bool = booking["departure"] > last
    return leaves and booking["arrival"] < first + timedelta(days=value.nights)

"""Unrecorded: bookings that were to begin, and of which nobody has said whether the person came.

The bid of such a booking is placed, and perhaps nobody has a bed: somebody must know.
"""

from __future__ import annotations

from api.service import bookings
from api.service.change import Change
from api.service.escalation import anew
from api.service.referrals import OPEN, PLACED, raise_flag
from api.service.settle import clear
from api.store.tables import BOOKINGS, FLAGS
from api.store.values import Row

WHY = "arrival_not_recorded"


def review(change: Change) -> None:
    """End bookings whose departure has come, and put those that began on the list."""
    waiting = change.rows(
        "booking", BOOKINGS.c.status == bookings.UPCOMING, BOOKINGS.c.arrival < change.today
    )
    for row in waiting:
        if row["departure"] <= change.today:
            reason = f"no arrival was recorded by the departure, {row['departure']}"
            bookings.end(change, row, bookings.NOT_ARRIVED, "booking.lapsed", reason, WHY)
    _tell(change, [row for row in waiting if row["departure"] > change.today])


def _tell(change: Change, waiting: list[Row]) -> None:
    """Flags for what is new, none for what is settled; a placed bid begins its rung anew."""
    of_bid = {row["referral_id"]: row["id"] for row in waiting if row["referral_id"] is not None}
    told = change.rows("flag", FLAGS.c.why == WHY, ~FLAGS.c.cleared)
    clear(change, [flag for flag in told if of_bid.get(flag["referral_id"]) != flag["about"]])
    known = {(flag["referral_id"], flag["about"]) for flag in told}
    for bid_id, booking_id in sorted(of_bid.items()):
        bid = change.find("referral", bid_id)
        if bid is None or (bid_id, booking_id) in known or bid["status"] == OPEN:
            continue
        raise_flag(change, [bid], WHY, booking_id)
        if bid["status"] == PLACED:
            after = {**bid, **anew(change, bid), "version": bid["version"] + 1}
            change.record("escalation.begun", "referral", after, booking_id=booking_id)

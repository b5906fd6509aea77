"""Closing: how a bid ends before anybody arrives: withdrawn, or released without a bed."""

from __future__ import annotations

from api.service import referrals
from api.service.bookings import cancel
from api.service.change import Change
from api.service.referrals import PLACED, the_bid
from api.store.values import Row


def withdraw(change: Change, identifier: str, reason: str) -> Row:
    """The bed is not asked for any more. A booking made for it is cancelled."""
    row = the_bid(change, identifier)
    if row["status"] == PLACED:
        cancel(change, row["booking_id"], reason)
        row = the_bid(change, identifier)
    return referrals.close(change, row, referrals.WITHDRAWN, "referral.withdrawn", reason)


def release_without_bed(change: Change, identifier: str, reason: str, fallback: str) -> Row:
    """A manager signs that the person is released without a bed. It counts as no placement."""
    return referrals.close(
        change,
        the_bid(change, identifier),
        referrals.WITHOUT_A_BED,
        "referral.released_without_bed",
        reason,
        fallback=fallback,
    )

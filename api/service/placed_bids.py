"""Placed bids: where a bid stands follows from the booking that files say was made for it."""

from __future__ import annotations

from collections.abc import Iterable

from api.service import referrals
from api.service.bookings import ARRIVED
from api.service.change import Change
from api.service.settle import settle
from api.store.tables import REFERRALS
from api.store.values import Row

SURPLUS = "no bed can hold the booking that the files name"


def follow(change: Change, rows: Iterable[Row]) -> None:
    """Bids of bookings just imported: arrived, placed, or open where no bed holds the booking."""
    of_bid = {row["referral_id"]: row for row in rows if row["referral_id"] is not None}
    alive = (referrals.OPEN, referrals.PLACED)
    arrived: list[Row] = []
    for bid in change.rows("referral", REFERRALS.c.status.in_(alive)):
        row = of_bid.get(bid["id"])
        if row is None or bid["booking_id"] not in (None, row["id"]):
            continue
        if row["status"] == ARRIVED:
            arrived.append(_arrived(bid, row))
        elif row["surplus"] and bid["status"] == referrals.PLACED:
            _reopen(change, bid, row)
        elif not row["surplus"] and bid["status"] == referrals.OPEN:
            referrals.moved_to(
                change, bid, referrals.PLACED, "referral.placed", booking_id=row["id"]
            )
    change.record_all("referral.arrived", "referral", arrived, by="import")
    settle(change, arrived, by="import")


def _arrived(bid: Row, row: Row) -> Row:
    """Bids of people who are there already have come to their end."""
    return {
        **bid,
        "status": referrals.ARRIVED,
        "booking_id": row["id"],
        "closed_reason": "there already, as the files say",
        "version": bid["version"] + 1,
    }


def _reopen(change: Change, bid: Row, row: Row) -> None:
    bid = referrals.moved_to(
        change, bid, referrals.OPEN, "referral.reopened", booking_id=None, reason=SURPLUS
    )
    facts = {"booking_id": row["id"]}
    referrals.failed(change, [(bid, "booking_surplus", SURPLUS, facts)], change.today)

"""Licence expiry: the stay ends by the day the licence does."""

from __future__ import annotations

from datetime import date, timedelta

from allocator.referral import Referral

CODE = "licence_expiry"
SENTENCE = "the stay would run past the end of the licence"


def arrivals(referral: Referral, as_of: date) -> tuple[date, date] | None:
    """First and last arrival that the window and the licence allow, or None."""
    first = max(referral.release_date, as_of)
    last = max(referral.latest_arrival, first)
    if referral.licence_expiry is not None:
        last = min(last, referral.licence_expiry - timedelta(days=referral.nights))
    return (first, last) if first <= last else None

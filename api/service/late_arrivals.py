"""Late arrivals: stays that begin after the latest arrival that their bid asks for by now."""

from __future__ import annotations

from datetime import date

from allocator.referral import Referral


def days_too_late(referral: Referral, arrival: date, today: date) -> int:
    """Days from the latest arrival to this one; 0 where it is in time, as it still is today where
    the latest arrival has gone by: nobody can come sooner, and the referee has it so."""
    if arrival <= max(referral.latest_arrival, today):
        return 0
    return (arrival - referral.latest_arrival).days

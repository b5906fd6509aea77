"""Review: nobody is dropped because nobody looked. Workers do it every minute."""

from __future__ import annotations

from api.service import bed_by_another, escalation, holds, onward, unrecorded
from api.service.change import Change
from api.store.values import Row


def review(change: Change) -> list[Row]:
    """Bookings that came to nothing reopen their bids, holds whose day has come end; bids that have
    risen on the ladder, from which those go whose person has a bed by another
    booking.
    """
    unrecorded.review(change)
    bed_by_another.review(change)
    onward.review(change)
    holds.expire(change)
    return escalation.review(change)

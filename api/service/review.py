"""Review: nobody is dropped because nobody looked. Workers do it every minute."""

from __future__ import annotations

from api.service import escalation, unrecorded
from api.service.change import Change
from api.store.values import Row


def review(change: Change) -> list[Row]:
    """Bookings that came to nothing reopen their bids; bids that have risen on the ladder."""
    unrecorded.review(change)
    return escalation.review(change)

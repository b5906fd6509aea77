"""Decided words: what was decided of a proposal, by whom and when, and the bed they have by it."""

from __future__ import annotations

from api.pages.words import PROPOSAL_STATUSES, moment
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.what_became import booked
from api.store.values import Row


def decided_words(change: Change, proposal: Row) -> str:
    """In sentences. The bed is the one that is booked now, where the booking stands still."""
    told = PROPOSAL_STATUSES[proposal["status"]][0]
    if proposal["decided_by"]:
        told += f" by {proposal['decided_by']} on {moment(proposal['decided_at'])}"
    made = booked(change, proposal)
    if made is None or made.now["status"] not in ("upcoming", "arrived"):
        return f"{told}."
    bed_id = made.now["bed_id"]
    names = bed_names(change, [bed_id] if bed_id else [])
    return f"{told}. The person has {names[bed_id].whole}." if bed_id in names else f"{told}."

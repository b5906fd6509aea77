"""Decided words: what was decided of a proposal, by whom and when, and the bed they have by it."""

from __future__ import annotations

from api.pages.words import BOOKING_STATUSES, PROPOSAL_STATUSES, moment
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.seeing import is_hidden
from api.service.what_became import LastBooked, booked
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


def what_became_of(change: Change, bid: Row, proposal: Row | None) -> str:
    """Of the bed that the last plan had for a bid that is open: why it waits for nobody now.

    None: it was never proposed. Stays of a person whom the reader may not know of are not told.
    """
    if proposal is None:
        return (
            "It was not proposed: when the plan ended the bid was not open, or the bed was no more."
        )
    if proposal["status"] == "superseded":
        return "Nobody decided: the bid was booked otherwise meanwhile, and is open again."
    told = decided_words(change, proposal)
    if proposal["reason"]:
        told += f" Reason: {proposal['reason']}"
    made = booked(change, proposal)
    if made is None or is_hidden(change.connection, change.actor, bid["crn"]):
        return told
    return f"{told.rstrip('.')}. {_booking_now(change, made.now)}"


def what_became_before(change: Change, bid: Row, last: LastBooked) -> str:
    """The same of the bed that was booked last for a bid that is open; empty: it is not told."""
    if last.proposal is not None:
        return what_became_of(change, bid, last.proposal)
    hidden = is_hidden(change.connection, change.actor, bid["crn"])
    return "" if hidden else _booking_now(change, last.booking)


def _booking_now(change: Change, booking: Row) -> str:
    bed = bed_names(change, [booking["bed_id"] or ""]).get(booking["bed_id"])
    moved = f", moved to {bed.whole} since" if bed and booking["transferred_from"] else ""
    told = f"The booking{moved}: {BOOKING_STATUSES[booking['status']].lower()}"
    why = booking["ended_reason"]
    return f"{told}, because: {why}" if why else f"{told}."

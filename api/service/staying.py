"""Staying: whether someone who is booked may have more nights, or another bed."""

from __future__ import annotations

from dataclasses import replace

from allocator.booking import Booking
from allocator.nights import Stay
from api.service.change import Change
from api.service.claims import require_free
from api.service.judging import refused_by
from api.service.lawful import Asked, require_lawful
from api.service.refusals import Refusal
from api.store.records import read
from api.store.records import referral as bid_of
from api.store.values import Row


def require_stay(
    change: Change, row: Row, bed_id: str, stay: Stay, fresh: Stay | None = None
) -> None:
    """Raise ConflictError or UnlawfulError unless the person of a booking may stay in the bed.

    `fresh`: the nights of it that are not the booking's already; all of them unless given.
    """
    moved = require_free(change, row["crn"], bed_id, fresh or stay, ignoring=[row["id"]])
    assert not moved
    require_lawful(change, asked_about(change, row, bed_id, stay))


def stay_judged(change: Change, row: Row, bed_id: str, stay: Stay) -> list[Refusal]:
    """What a transfer of the booking to the bed would be refused for, but for holds."""
    refusal = refused_by(lambda: require_stay(change, row, bed_id, stay))
    return [] if refusal is None else [refusal]


def asked_about(change: Change, row: Row, bed_id: str, stay: Stay) -> Asked:
    """What the rules are asked about a person who has this booking."""
    bid = None if row["referral_id"] is None else change.find("referral", row["referral_id"])
    now = Stay(max(stay.arrival, change.today), stay.departure)
    if bid is None:
        return Asked(row["crn"], bed_id, now, booking=read(Booking, row), without=row["id"])
    about = bid_of(bid)
    release = min(about.release_date, now.arrival)
    return Asked(
        row["crn"], bed_id, now, referral=replace(about, release_date=release), without=row["id"]
    )

"""Staying: whether someone who is booked may have more nights, or another bed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.rules import held_bed
from api.service.change import Change
from api.service.claims import require_free
from api.service.judging import refused_by
from api.service.lawful import Asked, Ground, require_lawful
from api.service.refusals import Refusal
from api.store.records import read
from api.store.records import referral as bid_of
from api.store.values import Row


def require_stay(
    change: Change,
    row: Row,
    bed_id: str,
    stay: Stay,
    fresh: Stay | None = None,
    *,
    told: Collection[str] = (),
    ground: Ground | None = None,
) -> None:
    """Raise ConflictError or UnlawfulError unless the person of a booking may stay in the bed.

    `fresh`: the nights of it that are not the booking's already; all of them unless given. `told`:
    rules that are judged apart. `ground`: of the bed's premises, where several beds are judged.
    """
    moved = require_free(change, row["crn"], bed_id, fresh or stay, ignoring=[row["id"]])
    assert not moved
    about = asked_about(change, row, bed_id, stay)
    require_lawful(change, about, told=told, ground=ground)


def stay_judged(change: Change, row: Row, bed_id: str, stay: Stay, ground: Ground) -> list[Refusal]:
    """What a transfer of the booking to the bed would be refused for, but for holds.

    `ground`: of the bed's premises without the booking.
    """
    # Holds may be passed over by somebody who says why.
    told = {held_bed.CODE}
    refusal = refused_by(lambda: require_stay(change, row, bed_id, stay, told=told, ground=ground))
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

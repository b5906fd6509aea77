"""Halves: a stay cut in two by a transfer from a day to come, and what becomes of its first half.

The first half ends on the day of the move, the second begins there; the bid is the person's one.
"""

from __future__ import annotations

from datetime import date

from allocator.nights import Stay
from allocator.rules import held_bed
from api.service.change import Change
from api.service.holds import yield_to
from api.service.moves import stay_of
from api.service.refusals import ConflictError, InvalidError, UnlawfulError
from api.service.staying import require_stay
from api.store.apply import HOLDING
from api.store.tables import BOOKINGS
from api.store.values import Row

_TAKEN = ("taken_by", "taken_at", "first_night", "departure")
"""Who has the bed's nights and which, where somebody has."""


def moved_in(change: Change, row: Row, day: date) -> None:
    """The person came to the second half on the day: they have left the first."""
    for first in _first_halves(change, row):
        if day < first["arrival"]:
            raise InvalidError(f"the person was elsewhere until {first['arrival']} at least")
        before = first["departure"]
        after = {
            **first,
            "status": "departed",
            "departure": min(day, before),
            "ended_reason": f"moved on {day}",
            "version": first["version"] + 1,
        }
        change.record("booking.departed", "booking", after, moved_to=row["id"])
        if day < before and before > change.today and first["bed_id"] is not None:
            change.frees(first["bed_id"], max(day, change.today), before)


def give_back(change: Change, row: Row) -> None:
    """The second half came to nothing: the one before has its nights too, and goes on.

    Raises ConflictError when they are not to be had: nobody must end up without a bed unnoticed.
    """
    first = goes_on(change, row)
    if first is not None:
        go_on(change, first, row["departure"], row["ended_reason"])


def goes_on(change: Change, row: Row) -> Row | None:
    """The booking that has the nights of this one, should it come to nothing: the one before it,
    which the person may be yet to move to. None: there is none, or they have left.
    """
    stay = stay_of(change, row)
    if row["departure"] <= change.today or all(each["status"] != "arrived" for each in stay):
        return None
    there = (each for each in stay if each["status"] in HOLDING and each["id"] != row["id"])
    return next((each for each in there if each["departure"] == row["arrival"]), None)


def go_on(change: Change, first: Row, departure: date, reason: str) -> Row:
    """The booking lasts until then. Raises ConflictError where the nights are not to be had.

    `reason`: why the move came to nothing, or that the person left was withdrawn.
    """
    before = first["departure"]
    if first["bed_id"] is not None and not first["surplus"]:
        fresh = Stay(max(before, change.today), departure)
        stay = Stay(first["arrival"], departure)
        try:
            require_stay(change, first, first["bed_id"], stay, fresh, told={held_bed.CODE})
        except (ConflictError, UnlawfulError) as refusal:
            way_out = (
                f"if they have left, record the departure of booking {first['id']} first"
                if first["status"] == "arrived"
                else f"if they are not to come there, cancel booking {first['id']} first"
            )
            raise ConflictError(
                f"the person would have no bed from {fresh.arrival}: they cannot stay in bed "
                f"{first['bed_id']} from then on, for {_why(refusal)}. Transfer them to "
                f"another bed instead; or, {way_out}",
                code="no-bed-to-return-to",
                bed_id=first["bed_id"],
                because=refusal.code,
                booking_id=first["id"],
                **{name: refusal.extra[name] for name in _TAKEN if name in refusal.extra},
            ) from refusal
        yield_to(change, first["bed_id"], fresh)
    after = {**first, "departure": departure, "ended_reason": None}
    after["version"] += 1
    if before < change.today:
        # Nights between the old end and today were never this stay's: another may have had them.
        after["held_from"] = change.today
    return change.record("booking.went_on", "booking", after, before=before, reason=reason)


def _why(refusal: ConflictError | UnlawfulError) -> str:
    """In words, without the id of another booking."""
    if refusal.code == "person-booked":
        return "they have another bed on some of these nights"
    breaches = [str(each["text"]) for each in refusal.extra.get("breaches", [])]
    return "; ".join(breaches) or refusal.detail


def _first_halves(change: Change, row: Row) -> list[Row]:
    """Stays under way of the same bid that this booking was to follow."""
    if row["transferred_from"] is None:
        return []
    return change.rows(
        "booking",
        BOOKINGS.c.crn == row["crn"],
        BOOKINGS.c.referral_id == row["referral_id"],
        BOOKINGS.c.status == "arrived",
        BOOKINGS.c.id != row["id"],
        BOOKINGS.c.departure <= row["arrival"],
    )

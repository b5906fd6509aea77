"""Bookings: stays made, by a named person, and what comes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.rules import held_bed
from api.service import bed_by_another, halves, onward, referrals, surplus
from api.service.change import Change, check_version
from api.service.claims import Seats, nowhere, require_free
from api.service.day_bounds import require_recent, require_released
from api.service.departure_day import more_nights, require_departure_day, require_longer
from api.service.holds import claim
from api.service.judging import judged
from api.service.move_day import require_move_day
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError, NotAllowedError, NotThereError
from api.service.seeing import is_hidden
from api.service.staying import require_stay
from api.store.apply import HOLDING
from api.store.records import details, read
from api.store.records import referral as bid_of
from api.store.values import Row

UPCOMING, ARRIVED, DEPARTED = "upcoming", "arrived", "departed"
NOT_ARRIVED, CANCELLED = "notArrived", "cancelled"


def the_booking(change: Change, identifier: str) -> Row:
    """A booking of a person whom the actor may know of. Raises NotThereError."""
    row = change.find("booking", identifier)
    if row is None or is_hidden(change.connection, change.actor, row["crn"]):
        raise NotThereError(f"there is no booking {identifier}")
    return row


def book(
    change: Change,
    bid: Row,
    bed_id: str,
    stay: Stay,
    seats: Seats = nowhere,
    *,
    action: str = "booking.made",
    override_hold: str = "",
    **facts: Any,
) -> Row:
    """Book a bed for an open bid. Raises ConflictError or UnlawfulError and changes nothing.

    `override_hold`: why a hold that keeps the person out is passed over.
    """
    require_a_person(change)
    about = judged(change, bid, bed_id, stay, seats, override_hold=override_hold)
    if about.objections:
        raise about.objections[0]
    value = bid_of(bid)
    facts |= claim(change, bed_id, stay, change.policy.known_band(value), override_hold)
    change.record_all("booking.reseated", "booking", about.moved)
    row = new_booking(
        change, _of(value, new_id(), change.row("bed", bed_id)["premises_id"], bed_id, stay)
    )
    row = change.record(action, "booking", {**row, "referral_id": bid["id"]}, **facts)
    referrals.moved_to(change, bid, referrals.PLACED, "referral.placed", booking_id=row["id"])
    return row


def new_booking(change: Change, value: Booking) -> Row:
    """The row of a booking; nights before today are not held."""
    return {
        "id": value.id,
        "version": 1,
        "crn": value.crn,
        "status": ARRIVED if value.resident else UPCOMING,
        "premises_id": value.premises_id,
        "bed_id": value.bed_id,
        "bed_inferred": False,
        "surplus": False,
        "arrival": value.stay.arrival,
        "departure": value.stay.departure,
        "held_from": min(max(value.stay.arrival, change.today), value.stay.departure),
        "referral_id": None,
        "transferred_from": None,
        "made_by": change.actor.name,
        "made_at": change.at,
        "ended_reason": None,
        "details": details(value),
    }


def arrive(change: Change, identifier: str, day: date) -> Row:
    """The person came on the day, as booked or sooner, though not before the release.

    Said again with the same day, it is the same.
    """
    row = the_booking(change, identifier)
    if row["status"] == ARRIVED and row["arrival"] == day:
        return row
    _must_be(row, UPCOMING)
    if not day < row["departure"] or day > change.today:
        raise InvalidError("the arrival must be before the departure, and not after today")
    require_recent(day, row["arrival"], change.today)
    bid = _bid(change, row)
    if bid is not None and day < row["arrival"]:  # files may book somebody before the release
        require_released(day, bid_of(bid).release_date)
    halves.moved_in(change, row, day)
    if day < row["arrival"] and row["bed_id"] is not None and not row["surplus"]:
        require_free(
            change, row["crn"], row["bed_id"], Stay(day, row["arrival"]), ignoring=[row["id"]]
        )
    held_from = change.today if row["surplus"] else day
    after = {**row, "status": ARRIVED, "arrival": day}
    after["held_from"] = min(held_from, row["held_from"])
    row = change.record("booking.arrived", "booking", _next(surplus.seated(change, after)), day=day)
    _place_if_open(change, row)
    bid = _bid(change, row)
    if bid is not None and bid["status"] == referrals.PLACED:
        reason = f"arrived on {day}"
        referrals.moved_to(
            change,
            bid,
            referrals.ARRIVED,
            "referral.arrived",
            closed_reason=reason,
            reason=reason,
        )
    onward.review(change, row["crn"])
    return row


def not_arrive(change: Change, identifier: str, reason: str) -> Row:
    """The person did not come: the bed is free, and the bid is open again."""
    row = the_booking(change, identifier)
    if row["status"] == NOT_ARRIVED:
        return row
    _must_be(row, UPCOMING)
    if change.today < row["arrival"]:
        raise InvalidError(f"the person is expected on {row['arrival']}, which is to come")
    return end(change, row, NOT_ARRIVED, "booking.not_arrived", reason, "did_not_arrive")


def cancel(change: Change, identifier: str, reason: str) -> Row:
    """Call a booking off before anyone came: the bed is free, and the bid is open again."""
    row = the_booking(change, identifier)
    if row["status"] == CANCELLED:
        return row
    _must_be(row, UPCOMING)
    return end(change, row, CANCELLED, "booking.cancelled", reason, "booking_cancelled")


def depart(change: Change, identifier: str, day: date, reason: str) -> Row:
    """The person left on the day; that night and later ones are free.

    Who leaves on the day of arrival has held no night.
    """
    row = the_booking(change, identifier)
    if row["status"] == DEPARTED and row["departure"] == day:
        return row
    _must_be(row, ARRIVED)
    if not row["arrival"] <= day <= change.today:
        raise InvalidError("the departure must not be before the arrival, nor after today")
    before = row["departure"]
    after = {**row, "status": DEPARTED, "departure": day, "ended_reason": reason}
    row = change.record("booking.departed", "booking", _next(after), day=day, reason=reason)
    bed_by_another.review(change, row["crn"])
    onward.review(change, row["crn"])
    if day < before and _holds(row):
        change.frees(row["bed_id"], day, before)
    return row


def extend(
    change: Change,
    identifier: str,
    departure: date,
    reason: str,
    version: int | None,
    override_hold: str = "",
) -> Row:
    """Another departure, later or earlier, in the same bed."""
    row = the_booking(change, identifier)
    check_version(row, version)
    _must_be(row, *HOLDING)
    require_a_person(change)
    require_departure_day(row, departure, change.today)
    before = row["departure"]
    facts: dict[str, Any] = {}
    if departure > before:
        require_longer(change, row, departure, {held_bed.CODE})
        more = more_nights(row, departure, change.today)
        facts = claim(change, row["bed_id"], more, known_band(change, row), override_hold)
    after = {**row, "departure": departure}
    if before < change.today:
        # Nights between the old end and today were never this stay's: another may have had them.
        after["held_from"] = change.today
    held = _holds(row)
    row = _next(surplus.seated(change, after))
    row = change.record("booking.extended", "booking", row, reason=reason, before=before, **facts)
    if not row["surplus"]:
        _place_if_open(change, row)
    onward.review(change, row["crn"])
    if held and departure < before:
        change.frees(row["bed_id"], departure, before)
    return row


def transfer(
    change: Change,
    identifier: str,
    bed_id: str,
    day: date,
    reason: str,
    override_hold: str = "",
) -> Row:
    """From a day on in another bed: this booking ends, and one linked to it begins."""
    row = the_booking(change, identifier)
    _must_be(row, *HOLDING)
    require_a_person(change)
    premises_id = change.row("bed", bed_id)["premises_id"]
    require_move_day(row, day, change.today)
    if bed_id == row["bed_id"] and not row["surplus"]:
        there = "in" if row["status"] == ARRIVED else "booked into"
        raise InvalidError(f"the person is {there} this bed already", code="same-bed")
    stay = Stay(day, row["departure"])
    facts = claim(change, bed_id, stay, known_band(change, row), override_hold)
    require_stay(change, row, bed_id, stay)
    value = replace(
        read(Booking, row), id=new_id(), premises_id=premises_id, bed_id=bed_id, stay=stay
    )
    whole = day <= row["arrival"]
    ended: Row = {"ended_reason": reason}
    ended |= {"status": CANCELLED} if whole else {"departure": day}
    if not whole and row["status"] == ARRIVED and day == change.today:
        ended["status"] = DEPARTED
    change.record("booking.transferred_away", "booking", _next({**row, **ended}), reason=reason)
    fresh = {
        **new_booking(change, value),
        "status": ARRIVED if row["status"] == ARRIVED and day == change.today else UPCOMING,
        "referral_id": row["referral_id"],
        "transferred_from": row["id"],
    }
    facts |= {"from_bed": row["bed_id"], "to_bed": bed_id, "day": day}
    made = change.record("booking.transferred", "booking", fresh, reason=reason, **facts)
    _place_if_open(change, made)
    bid = _bid(change, row)
    if bid is not None and bid["booking_id"] == row["id"]:
        after = {**bid, "booking_id": made["id"], "version": bid["version"] + 1}
        change.record("referral.transferred", "referral", after)
    onward.review(change, row["crn"])
    if _holds(row):
        change.frees(row["bed_id"], day, row["departure"])
    return made


def cancel_onward(change: Change, row: Row, reason: str) -> None:
    """Call off the bookings to which somebody was to move who left."""
    for each in onward.to_follow(change, row):
        cancel(change, each["id"], reason)


def end(change: Change, row: Row, status: str, action: str, reason: str, code: str) -> Row:
    """A booking comes to nothing: its bid is open again, or its first half goes on.

    `code`: of the attempt that failed.
    """
    if not reason.strip():
        raise InvalidError("a reason is needed")
    row = change.record(
        action, "booking", _next({**row, "status": status, "ended_reason": reason}), reason=reason
    )
    bid = bid_placed_by(change, row)
    if bid is not None:
        bid = referrals.moved_to(
            change, bid, referrals.OPEN, "referral.reopened", booking_id=None, reason=reason
        )
        referrals.failed(change, [(bid, code, reason, {"booking_id": row["id"]})], change.today)
    halves.give_back(change, row)
    # What was said of this booking is over with it, on another bid of the person too.
    bed_by_another.review(change, row["crn"])
    onward.review(change, row["crn"])
    if _holds(row) and row["departure"] > change.today:
        change.frees(row["bed_id"], max(row["arrival"], change.today), row["departure"])
    return row


def _of(value: Referral, identifier: str, premises_id: str, bed_id: str, stay: Stay) -> Booking:
    return Booking(
        id=identifier,
        crn=value.crn,
        premises_id=premises_id,
        stay=stay,
        bed_id=bed_id,
        essential=value.essential,
        sharing=value.sharing,
    )


def bid_placed_by(change: Change, row: Row) -> Row | None:
    """The bid that is open again should the booking come to nothing; None: none is."""
    bid = _bid(change, row)
    if bid is None or bid["status"] != referrals.PLACED or bid["booking_id"] != row["id"]:
        return None
    return bid


def _bid(change: Change, row: Row) -> Row | None:
    return None if row["referral_id"] is None else change.find("referral", row["referral_id"])


def known_band(change: Change, row: Row) -> int | None:
    """Of the bid of a booking; None where the files named nobody's."""
    bid = _bid(change, row)
    return None if bid is None else change.policy.known_band(bid_of(bid))


def _place_if_open(change: Change, row: Row) -> None:
    """The bid of a booking that no bed could hold is placed once one does, or the person came."""
    bid = _bid(change, row)
    if bid is not None and bid["status"] == referrals.OPEN:
        referrals.moved_to(change, bid, referrals.PLACED, "referral.placed", booking_id=row["id"])


def _holds(row: Row) -> bool:
    """Whether the booking has a bed's nights, or had until it ended."""
    return row["bed_id"] is not None and not row["surplus"]


def _must_be(row: Row, *statuses: str) -> None:
    if row["status"] not in statuses:
        raise ConflictError(
            f"booking {row['id']} is {row['status']}",
            code="not-lawful-now",
            status_now=row["status"],
        )


def require_a_person(change: Change) -> None:
    """Raise NotAllowedError for a client system: nobody but a person commits nights of a bed."""
    if not change.actor.is_person:
        raise NotAllowedError("only a named person books a bed")


def _next(row: Row) -> Row:
    return {**row, "version": row["version"] + 1}

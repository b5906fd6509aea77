"""Booking: one stay, and what came of it, recorded by a named person: arrived, left, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.at_fields import Summary, at, messages
from api.pages.booking_page import CHANGED, LONGEST_REASON, booking_page
from api.pages.days import day_from
from api.pages.refusal_words import with_beds
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.service import bookings, halves, onward, referrals
from api.service.bed_names import bed_names
from api.service.bookings import ARRIVED, DEPARTED, NOT_ARRIVED, UPCOMING
from api.service.change import Change, check_version
from api.service.departure_day import may_leave_another_day
from api.service.move_day import may_move
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    Refusal,
    StaleError,
    UnlawfulError,
)
from api.service.register import Answer
from api.service.unsuitable import against
from api.service.withdrawing import outcome_of, withdraw_outcome
from api.store.values import Row

router = APIRouter()
FREE = "The bed is then free for others."
OPEN_AGAIN = f"{FREE} A bid that this booking placed is open again, with a failed attempt counted."
STAYS = f"{FREE} The person stays in the bed that they are in, on the nights of this booking too."
STAYS_THERE = (
    f"{FREE} The person stays in the bed to which they move before, on the nights of this booking "
    "too."
)
STAYS_CLOSED = f"{FREE} The bid stays closed."
NIGHTS_AGAIN = (
    "A move that was called off since stays called off: its nights are the person's in the bed "
    "that they have before it, if they can be had. "
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What can come of a booking of one status. `follows`: what recording it does.

    `day`, `reason`: the labels of what must be said; empty where it is not asked for.
    """

    name: str
    page: str
    status: str
    title: str
    follows: str
    command: Callable[[Change, str, date, str], Row]
    told: str
    day: str = ""
    reason: str = ""

    @property
    def day_field(self) -> str:
        """The name of the field with the day."""
        return f"{self.name}_day".replace("-", "_")

    @property
    def reason_field(self) -> str:
        """The name of the field with the reason."""
        return f"{self.name}_reason".replace("-", "_")


ARRIVAL = Outcome(
    "arrival",
    "page_record_arrival",
    UPCOMING,
    "Record the arrival",
    "A bid that this booking placed is then closed: the person arrived.",
    lambda change, identifier, day, _: bookings.arrive(change, identifier, day),
    "arrived",
    day="Day of arrival",
)
NON_ARRIVAL = Outcome(
    "non-arrival",
    "page_record_non_arrival",
    UPCOMING,
    "Record that the person did not arrive",
    OPEN_AGAIN,
    lambda change, identifier, _, reason: bookings.not_arrive(change, identifier, reason),
    "not-arrived",
    reason="Why the person did not arrive",
)
CANCELLATION = Outcome(
    "cancellation",
    "page_cancel_booking",
    UPCOMING,
    "Cancel the booking",
    OPEN_AGAIN,
    lambda change, identifier, _, reason: bookings.cancel(change, identifier, reason),
    "booking-cancelled",
    reason="Why it is cancelled",
)
DEPARTURE = Outcome(
    "departure",
    "page_record_departure",
    ARRIVED,
    "Record the departure",
    "The bed is then free for others from that night on.",
    bookings.depart,
    "departed",
    day="Day of departure",
    reason="Why the person left",
)
OUTCOMES = (ARRIVAL, NON_ARRIVAL, CANCELLATION, DEPARTURE)
WITHDRAWALS = {
    status: Outcome(
        "withdrawal",
        "page_withdraw_recorded",
        status,
        f"Withdraw the {what}",
        f"What was recorded by mistake is undone: the booking and its bid are then as they were "
        f"before. {more}That it was recorded, and withdrawn, stays in the timeline.",
        lambda change, identifier, _, reason: withdraw_outcome(change, identifier, reason, None),
        told,
        reason="Why it is withdrawn",
    )
    for status, what, more, told in (
        (ARRIVED, "arrival", "", "outcome-withdrawn"),
        (NOT_ARRIVED, "non-arrival", "", "outcome-withdrawn"),
        (DEPARTED, "departure", NIGHTS_AGAIN, "departure-withdrawn"),
    )
}
"""By the status of a booking, what takes back how it came to it."""
ONWARD_CHANGED = (
    "Somebody has changed the booking that was to follow since you loaded the page: nothing was "
    "recorded. Record the departure again, and look at what the tick cancels"
)
_ONWARD_STALE = "onward-changed"
_OTHER_BOOKING = ("no-bed-to-return-to", "later-facts")
"""Refusals that another booking of the same person answers: the error leads to it."""


@router.get("/bookings/{identifier}")
def page_booking(identifier: str, visit: Visiting) -> HTMLResponse:
    """One stay, and what can be recorded of it."""
    return _shown(visit, identifier)


@router.post("/bookings/{identifier}/arrival")
def page_record_arrival(identifier: str, visit: Visiting) -> Response:
    """The person came."""
    return _recorded(visit, identifier, ARRIVAL)


@router.post("/bookings/{identifier}/non-arrival")
def page_record_non_arrival(identifier: str, visit: Visiting) -> Response:
    """The person did not come."""
    return _recorded(visit, identifier, NON_ARRIVAL)


@router.post("/bookings/{identifier}/cancellation")
def page_cancel_booking(identifier: str, visit: Visiting) -> Response:
    """The booking is called off before anyone came."""
    return _recorded(visit, identifier, CANCELLATION)


@router.post("/bookings/{identifier}/departure")
def page_record_departure(identifier: str, visit: Visiting) -> Response:
    """The person left."""
    return _recorded(visit, identifier, DEPARTURE)


@router.post("/bookings/{identifier}/withdrawal")
def page_withdraw_recorded(identifier: str, visit: Visiting) -> Response:
    """What was recorded last was a mistake."""
    with reading(visit.register, visit.actor) as change:
        status = bookings.the_booking(change, identifier)["status"]
    return _recorded(visit, identifier, WITHDRAWALS.get(status, WITHDRAWALS[ARRIVED]))


def _recorded(visit: Visit, identifier: str, outcome: Outcome) -> Response:
    """Record it by the command that the API's route calls, once it was looked at and confirmed."""
    day, wrong = _day(visit, outcome)
    reason = visit.said(outcome.reason_field, LONGEST_REASON)
    if outcome.reason and not reason:
        wrong += at(outcome.reason_field, "Say why")
    if wrong:
        return _shown(visit, identifier, 422, error_summary=wrong)
    version = visit.said("version", 9)
    cancels = visit.said("cancel_onward") if outcome is DEPARTURE else ""

    def made(change: Change) -> Answer:
        row = bookings.the_booking(change, identifier)
        check_version(row, int(version) if version.isdecimal() else None)
        row = outcome.command(change, identifier, day, reason)
        if cancels:
            _require_may_cancel(visit)
            _require_as_shown(change, row, cancels)
            bookings.cancel_onward(change, row, reason)
        return Answer(200, {"version": row["version"]})

    try:
        if not visit.said("confirmed"):
            visit.register.rehearse(visit.actor, made)
            return _check(visit, identifier, outcome, day)
        said = {"day": f"{day}", "reason": reason, "version": version, "cancels": cancels}
        visit.once(said, made)
    except (ConflictError, InvalidError, NotAllowedError, StaleError, UnlawfulError) as refusal:
        return _refused(visit, identifier, outcome, refusal)
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        bid, after = row["referral_id"], onward.to_follow(change, row)
        reopened = bid and change.row("referral", bid)["status"] == referrals.OPEN
        ends_early = onward.ends_early(change, row)
    told = outcome.told
    if outcome is WITHDRAWALS[DEPARTED] and ends_early:
        told = "departure-withdrawn-early"
    if outcome in (NON_ARRIVAL, CANCELLATION) and not reopened:
        told = f"{told}-alone"
    if outcome is DEPARTURE and (cancels or after):
        told = "departed-still-booked" if after else "departed-cancelled"
    return visit.go(f"/bids/{bid}" if bid else f"/bookings/{identifier}", told)


def _require_may_cancel(visit: Visit) -> None:
    if not visit.may(CANCELLATION.page):
        raise NotAllowedError("you may not cancel bookings")


def _as_shown(after: Iterable[Row]) -> str:
    """Bookings that were to follow, each as it is: which ones a tick beside them cancels."""
    return " ".join(f"{each['id']}/{each['version']}" for each in after)


def _require_as_shown(change: Change, row: Row, shown: str) -> None:
    if _as_shown(onward.to_follow(change, row)) != shown:
        raise StaleError(ONWARD_CHANGED, code=_ONWARD_STALE)


def _day(visit: Visit, outcome: Outcome) -> tuple[date, Summary]:
    """The day that was given; today, where none is asked for."""
    today = visit.register.clock.today()
    if not outcome.day:
        return today, []
    try:
        day = day_from(visit.said(outcome.day_field, 10), outcome.day.lower())
    except InvalidError as refusal:
        return today, at(outcome.day_field, refusal.detail)
    return (today, at(outcome.day_field, "Give the day")) if day is None else (day, [])


def _refused(visit: Visit, identifier: str, outcome: Outcome, refusal: Refusal) -> HTMLResponse:
    """The booking once more, with what stands in the way."""
    if isinstance(refusal, StaleError):
        why = refusal.detail if refusal.code == _ONWARD_STALE else CHANGED
        return _shown(visit, identifier, 409, error_summary=at("main-content", why))
    if isinstance(refusal, InvalidError):
        field = outcome.day_field if outcome.day else outcome.reason_field
        return _shown(visit, identifier, 422, error_summary=at(field, refusal.detail))
    with reading(visit.register, visit.actor) as change:
        wrong = at("main-content", _in_words(change, refusal, identifier))
    if refusal.code in _OTHER_BOOKING and "booking_id" in refusal.extra:
        wrong[0]["href"] = f"/bookings/{refusal.extra['booking_id']}"
    return _shown(visit, identifier, 409, error_summary=wrong)


def _in_words(change: Change, refusal: Refusal, identifier: str) -> str:
    """With beds by their names, and no booking by its id."""
    text = with_beds(change, refusal).replace(f"booking {identifier} ", "the booking ")
    other = f"booking {refusal.extra.get('booking_id')} "
    return text.replace(f"of {other}", "from that bed ").replace(other, "the booking of that bed ")


def _check(visit: Visit, identifier: str, outcome: Outcome, day: date) -> HTMLResponse:
    """What would be recorded, to be looked at before it is."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        unlawful, bid_id = against(change, row), row["referral_id"]
        outcome = _as_it_is(change, row, outcome)
        release = None if bid_id is None else change.row("referral", bid_id)["release_date"]
        after = onward.to_follow(change, row) if outcome is DEPARTURE else []
        names = bed_names(change, {each["bed_id"] or "" for each in after})
    return booking_page(
        visit,
        identifier,
        "check_booking.html",
        title=f"Check before you {outcome.title[0].lower()}{outcome.title[1:]}",
        outcome=outcome,
        outcome_day=day,
        against=unlawful,
        movable=_movable(visit, row),
        release=release,
        onward=after,
        onward_names=names,
        onward_shown=_as_shown(after),
        seen=[each["id"] for each in after],
    )


def _as_it_is(change: Change, row: Row, outcome: Outcome) -> Outcome:
    """With what recording it does, where it ends a booking by which no bid is placed."""
    ends = outcome in (NON_ARRIVAL, CANCELLATION)
    if not ends or bookings.bid_placed_by(change, row) is not None:
        return outcome
    stays = halves.goes_on(change, row)
    if stays is not None:
        return replace(outcome, follows=STAYS if stays["status"] == ARRIVED else STAYS_THERE)
    bid = row["referral_id"] and change.row("referral", row["referral_id"])
    closed = bid and bid["status"] not in (referrals.OPEN, referrals.PLACED)
    return replace(outcome, follows=STAYS_CLOSED if closed else FREE)


def _movable(visit: Visit, row: Row) -> bool:
    return may_move(row, visit.register.clock.today())


def _shown(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        outcomes = [
            _as_it_is(change, row, each) for each in OUTCOMES if each.status == row["status"]
        ]
        if outcome_of(change, row) is not None:
            outcomes.append(WITHDRAWALS[row["status"]])
        unlawful = against(change, row)
        changeable = may_leave_another_day(change, row)
    return booking_page(
        visit,
        identifier,
        "booking.html",
        status,
        title="Booking",
        outcomes=[each for each in outcomes if visit.may(each.page)],
        against=unlawful,
        movable=_movable(visit, row),
        changeable=changeable,
        errors=messages(more.get("error_summary", [])),
        **more,
    )

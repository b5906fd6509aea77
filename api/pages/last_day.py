"""Last day: another day on which somebody leaves their bed, once it was looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.nights import Stay
from api.pages.at_fields import Summary, at, messages
from api.pages.booking_page import CHANGED, LONGEST_REASON, booking_page
from api.pages.days import day_from
from api.pages.needed import losing
from api.pages.refusal_words import errors_of
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.service import bookings
from api.service.change import Change
from api.service.departure_day import first_departure_day, may_leave_another_day, more_nights
from api.service.holds import met
from api.service.plan_needs import plan_needs
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    Refusal,
    StaleError,
    UnlawfulError,
)
from api.service.register import Answer
from api.store.records import referral
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
_ABOUT_THE_BOOKING = ("not-lawful-now", "no-bed")
"""Refusals that no other day answers."""


@router.get("/bookings/{identifier}/last-day")
def page_last_day(identifier: str, visit: Visiting) -> HTMLResponse:
    """The form with the day, and why."""
    return _shown(visit, identifier)


@router.post("/bookings/{identifier}/last-day")
def page_change_last_day(identifier: str, visit: Visiting) -> Response:
    """Change it by the command that the API's route calls, once it was confirmed."""
    reason = visit.said("reason", LONGEST_REASON)
    over = visit.said("override_hold", LONGEST_REASON)
    version = visit.said("version", 9)
    day, wrong = _day(visit)
    if not reason:
        wrong += at("reason", "Say why the last day is changed")
    if day is None or wrong:
        return _shown(visit, identifier, 422, error_summary=wrong)

    def made(change: Change) -> Answer:
        seen = int(version) if version.isdecimal() else None
        row = bookings.extend(change, identifier, day, reason, seen, over)
        return Answer(200, {"version": row["version"]})

    try:
        if not visit.said("confirmed"):
            visit.register.rehearse(visit.actor, made)
            return _check(visit, identifier, day)
        sent = {"departure": f"{day}", "reason": reason, "override_hold": over}
        visit.once({**sent, "version": version}, made)
    except StaleError:
        return _shown(visit, identifier, 409, error_summary=at("main-content", CHANGED))
    except (ConflictError, InvalidError, NotAllowedError, UnlawfulError) as refusal:
        return _refused(visit, identifier, refusal)
    return visit.go(f"/bookings/{identifier}", "last-day")


def _day(visit: Visit) -> tuple[date | None, Summary]:
    try:
        day = day_from(visit.said("departure", 10), "the day on which the person is to leave")
    except InvalidError as refusal:
        return None, at("departure-day", refusal.detail)
    return (None, at("departure-day", "Give the day")) if day is None else (day, [])


def _refused(visit: Visit, identifier: str, refusal: Refusal) -> HTMLResponse:
    """The form once more, with what stands in the way at its field."""
    href = "#main-content" if refusal.code in _ABOUT_THE_BOOKING else "#departure-day"
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        wrong = errors_of(change, [refusal], row, href)
    status = 409 if isinstance(refusal, ConflictError) else 422
    return _shown(visit, identifier, status, error_summary=wrong)


def _check(visit: Visit, identifier: str, day: date) -> HTMLResponse:
    """What the other day means, to be looked at before it is recorded."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        longer = more_nights(row, day, change.today) if day > row["departure"] else None
        others, uses = ([], []) if longer is None else _asked_for(change, row, longer)
        licence = _licence_expiry(change, row)
    return booking_page(
        visit,
        identifier,
        "check_last_day.html",
        seen=[each.proposal["referral_id"] for each in others],
        title="Check before you change the last day",
        leaves=day,
        longer=longer,
        others=others,
        holds=uses,
        licence=licence,
    )


def _asked_for(change: Change, row: Row, longer: Stay) -> tuple[list[Any], list[Row]]:
    """Whose proposals rest on the nights that the stay has besides, and holds that give them up."""
    bed_id = row["bed_id"]
    needs = plan_needs(change, PREMISES.c.id == row["premises_id"])
    lost = needs.losing(bed_id, longer, row["referral_id"] or "")
    uses, _ = met(change, bed_id, longer, bookings.known_band(change, row))
    return losing(change, {bed_id: lost})[bed_id], uses


def _licence_expiry(change: Change, row: Row) -> date | None:
    """By the bid; None: nobody said, or there is none."""
    bid = None if row["referral_id"] is None else change.find("referral", row["referral_id"])
    return None if bid is None else referral(bid).licence_expiry


def _shown(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        changeable = may_leave_another_day(change, row)
        first = first_departure_day(row, change.today)
        licence = _licence_expiry(change, row)
    return booking_page(
        visit,
        identifier,
        "last_day.html",
        status,
        title="Change the last day",
        changeable=changeable,
        first=first,
        licence=licence,
        errors=messages(more.get("error_summary", [])),
        **more,
    )

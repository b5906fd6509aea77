"""Transfer: another bed from a day on for whoever is booked or there, once it was looked at."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.nights import Stay
from api.pages.at_fields import Summary, at, messages
from api.pages.bed_choice import NOTHING, offered
from api.pages.booking_page import CHANGED, LONGEST_REASON, booking_page
from api.pages.days import day_asked, day_from
from api.pages.needed import losing
from api.pages.refusal_words import errors_of
from api.pages.visit import Visit, Visiting, go
from api.routes.asking import reading
from api.service import bookings, referrals
from api.service.bed_names import bed_names
from api.service.bed_offers import beds_offered, premises_offered
from api.service.change import Change, check_version
from api.service.costs import costs_of_place
from api.service.move_day import first_move_day, may_move, require_move_day
from api.service.plan_needs import plan_needs
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
    Refusal,
    StaleError,
    UnlawfulError,
)
from api.service.register import Answer
from api.store.apply import HOLDING
from api.store.records import referral
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
_FIELDS = {
    "moves-as-a-whole": "#day",
    "day-outside-stay": "#day",
    "arrival-not-recorded": "#main-content",
    "not-lawful-now": "#main-content",
}
"""By refusal, where it is told; at the bed, of others."""


@router.get("/bookings/{identifier}/transfer")
def page_transfer(identifier: str, visit: Visiting) -> HTMLResponse:
    """The form of a transfer, with the bed that was chosen."""
    return _shown(visit, identifier)


@router.post("/bookings/{identifier}/transfer")
def page_make_transfer(identifier: str, visit: Visiting) -> Response:
    """Move the person by the command that the API's route calls, once it was confirmed."""
    bed_id = visit.said("bed_id", 200)
    reason = visit.said("reason", LONGEST_REASON)
    over = visit.said("override_hold", LONGEST_REASON)
    version = visit.said("version", 9)
    day, wrong = _day(visit)
    if not bed_id:
        wrong = [*at("bed_id", "Choose a bed, or write its id"), *wrong]
    if not reason:
        wrong += at("reason", "Say why the person is moved")
    if day is None or wrong:
        return _shown(visit, identifier, 422, error_summary=wrong)

    def made(change: Change) -> Answer:
        row = bookings.the_booking(change, identifier)
        check_version(row, int(version) if version.isdecimal() else None)
        moved = bookings.transfer(change, identifier, bed_id, day, reason, over)
        return Answer(201, {"id": moved["id"]})

    try:
        if not visit.said("confirmed"):
            visit.register.rehearse(visit.actor, made)
            return _check(visit, identifier, bed_id, day)
        sent = {"bed_id": bed_id, "day": f"{day}", "reason": reason, "override_hold": over}
        answer = visit.once({**sent, "version": version}, made)
    except StaleError:
        return _shown(visit, identifier, 409, error_summary=at("main-content", CHANGED))
    except (ConflictError, InvalidError, NotAllowedError, NotThereError, UnlawfulError) as refusal:
        return _refused(visit, identifier, refusal)
    return visit.go(f"/bookings/{quote(answer.body['id'], safe='')}", "transferred")


@router.get("/bookings/{identifier}/transfer/beds")
def page_transfer_beds(identifier: str, visit: Visiting) -> Response:
    """Premises with lawful beds for the rest of the stay, nearest first; with `premises`, the beds
    there. With `chosen` on to the form, with the bed.
    """
    wanted = visit.asked("premises")
    here = f"/bookings/{quote(identifier, safe='')}/transfer"
    if visit.asked("chosen") and visit.asked("bed"):
        named = {"bed": visit.asked("bed"), "day": visit.asked("arrival")}
        return go(f"{here}?{urlencode(named)}")
    nothing = bool(wanted and visit.asked("chosen"))
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        if row["referral_id"] is None:
            raise ConflictError("No bid says what this person needs: write the id of a bed.")
        bid = referrals.the_bid(change, row["referral_id"])
        if row["status"] not in HOLDING:
            raise ConflictError("A stay that is over, or was called off, moves to no other bed.")
        first = first_move_day(row, change.today)
        if row["status"] == bookings.ARRIVED:
            first = day_asked(visit, "arrival", first)
        require_move_day(row, first, change.today)
        stay = Stay(first, row["departure"])
        beds = beds_offered(change, bid, wanted, stay, moving=row) if wanted else []
        sites = [] if wanted else premises_offered(change, bid, stay, moving=row)
        shown = offered(change, bid, wanted, beds)
    visit.log([identifier, bid["id"], *shown.pop("seen")])
    return visit.page(
        "choose_bed.html",
        422 if nothing else 200,
        home=here,
        parts={},
        known=row,
        moving=True,
        fixed=row["status"] == bookings.UPCOMING,
        error_summary=at("bed-1", NOTHING) if nothing else [],
        wrong=NOTHING if nothing else "",
        bid=bid,
        stay=stay,
        beds=beds,
        sites=sites,
        **shown,
    )


def _day(visit: Visit) -> tuple[date | None, Summary]:
    try:
        day = day_from(visit.said("day", 10), "from which day")
    except InvalidError as refusal:
        return None, at("day", refusal.detail)
    return (None, at("day", "Give the day")) if day is None else (day, [])


def _refused(visit: Visit, identifier: str, refusal: Refusal) -> HTMLResponse:
    """The form once more, with what stands in the way at its field."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        wrong = errors_of(change, [refusal], row, _FIELDS.get(refusal.code, "#bed_id"))
    status = 409 if isinstance(refusal, ConflictError) else 422
    return _shown(visit, identifier, status, error_summary=wrong)


def _check(visit: Visit, identifier: str, bed_id: str, day: date) -> HTMLResponse:
    """What the transfer means, to be looked at before it is made."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        bed = bed_names(change, [bed_id])[bed_id]
        needs = plan_needs(change, PREMISES.c.id == bed.premises_id)
        lost = needs.losing(bed_id, Stay(day, row["departure"]), row["referral_id"] or "")
        others = losing(change, {bed_id: lost})[bed_id]
        costs = _costs(change, row, bed_id)
    return booking_page(
        visit,
        identifier,
        "check_transfer.html",
        seen=[each.proposal["referral_id"] for each in others],
        title="Check before you move the person to another bed",
        to=bed,
        day=day,
        others=others,
        costs=costs,
    )


def _costs(change: Change, row: Row, bed_id: str) -> list[str] | None:
    """What the move costs the person; None: no bid says where home is, or no bed is left."""
    bid = None if row["referral_id"] is None else change.find("referral", row["referral_id"])
    if bid is None or change.find("bed", row["bed_id"] or "") is None:
        return None
    return costs_of_place(change, referral(bid), row, bed_id)


def _shown(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        bed_id = visit.said("bed_id", 200) or visit.asked("bed")
        chosen = bed_names(change, [bed_id]).get(bed_id)
        day = day_asked(visit, "day", first_move_day(row, change.today)).isoformat()
        movable = may_move(row, change.today)
    return booking_page(
        visit,
        identifier,
        "transfer.html",
        status,
        title="Move to another bed",
        bed_id=bed_id,
        chosen=chosen,
        movable=movable,
        day=visit.said("day", 10) or day,
        errors=messages(more.get("error_summary", [])),
        **more,
    )

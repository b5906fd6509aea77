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
from api.service.unsuitable import against
from api.store.records import referral
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
LONGEST_REASON = 2_000
CHANGED = (
    "Somebody has changed this booking since you loaded the page: it is shown as it is now, "
    "and nobody was moved"
)


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
        if change.find("bed", bed_id) is None:
            raise NotThereError(f"there is no bed {bed_id}")
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
        return _refused(visit, identifier, bed_id, refusal)
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
        first = day_asked(visit, "arrival", _first(change, row))
        if not first < row["departure"]:
            raise InvalidError("The day must be before the departure.")
        stay = Stay(first, row["departure"])
        beds = beds_offered(change, bid, wanted, stay, moving=row) if wanted else []
        sites = [] if wanted else premises_offered(change, bid, stay)
        shown = offered(change, bid, wanted, beds)
    visit.log([identifier, bid["id"], *shown.pop("seen")])
    return visit.page(
        "choose_bed.html",
        422 if nothing else 200,
        home=here,
        parts={},
        known=row,
        moving=True,
        error_summary=at("bed-1", NOTHING) if nothing else [],
        wrong=NOTHING if nothing else "",
        bid=bid,
        stay=stay,
        beds=beds,
        sites=sites,
        **shown,
    )


def _first(change: Change, row: Row) -> date:
    """The first day from which the person may be in another bed."""
    arrival: date = row["arrival"]
    return max(arrival, change.today)


def _day(visit: Visit) -> tuple[date | None, Summary]:
    try:
        day = day_from(visit.said("day", 10), "from which day")
    except InvalidError as refusal:
        return None, at("day", refusal.detail)
    return (None, at("day", "Give the day")) if day is None else (day, [])


def _refused(visit: Visit, identifier: str, bed_id: str, refusal: Refusal) -> HTMLResponse:
    """The form once more, with what stands in the way at its field."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        field = "#day" if isinstance(refusal, InvalidError) else "#bed_id"
        if bed_id == row["bed_id"]:
            field = "#bed_id"
        if refusal.code == "not-lawful-now":
            field = "#main-content"
        wrong = errors_of(change, [refusal], row, field)
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
    return _page(
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
        day = day_asked(visit, "day", _first(change, row)).isoformat()
    return _page(
        visit,
        identifier,
        "transfer.html",
        status,
        title="Move to another bed",
        bed_id=bed_id,
        chosen=chosen,
        day=visit.said("day", 10) or day,
        errors=messages(more.get("error_summary", [])),
        **more,
    )


def _page(
    visit: Visit,
    identifier: str,
    template: str,
    status: int = 200,
    seen: list[str] | None = None,
    **more: Any,
) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        names = bed_names(change, [row["bed_id"] or ""])
        premises = change.row("premises", row["premises_id"])["name"]
        unlawful = against(change, row)
    visit.log([identifier, *(seen or [])])
    return visit.page(
        template,
        status,
        booking=row,
        bed=names[row["bed_id"]].place if row["bed_id"] in names else None,
        premises=premises,
        against=unlawful,
        said={name: value for name, value in visit.form.items() if isinstance(value, str)},
        **more,
    )

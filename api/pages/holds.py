"""Holds: beds held back, for whom, why and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from allocator.nights import Stay
from api.pages.at_fields import Summary, at, at_fields, messages
from api.pages.days import day_from
from api.pages.listing import Listing
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.service import advising, holds
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.held_nights import with_status
from api.service.lists import Orders, counted, cut, in_order
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
    StaleError,
)
from api.service.register import Answer
from api.service.smallest_changes import last_run
from api.store.tables import BEDS, EVENTS, HOLDS
from api.store.values import Row
from api.wire.holds_shown import HoldShown, HoldStatus

router = APIRouter()
_H = HOLDS.c
ORDERS: Orders = {
    "until": (_H.until,),
    "first_night": (_H.first_night,),
    "made_at": (_H.made_at,),
}
LONGEST = 2_000
CHANGED = "Somebody has changed this hold since you opened the page: it is shown as it is now"
FIELDS = ("premises", "bed", "first_night", "last_night", "lowest_band", "until", "why")
REFUSED = (ConflictError, InvalidError, NotAllowedError, NotThereError, StaleError)
"""What stands in the way of a hold, and is said at its form."""


@router.get("/premises-held")
def page_holds(visit: Visiting) -> HTMLResponse:
    """Beds held back; those in force unless asked otherwise."""
    listing = Listing.of(visit, ORDERS, "until", ("status", "premises"))
    status = listing.asked.get("status", "current")
    if status not in (*get_args(HoldStatus), "all"):
        raise InvalidError("There is no status of this name.")
    with reading(visit.register, visit.actor) as change:
        conditions = [] if status == "all" else with_status(status, change.today)
        if place := listing.asked.get("premises"):
            conditions.append(_H.premises_id == place)
        listing = listing.holding(counted(change.connection, "hold", conditions))
        rows = cut(
            change.connection,
            "hold",
            conditions,
            in_order(ORDERS, listing.sort),
            limit=listing.size,
            offset=listing.offset,
        )
        shown = [HoldShown.of(row, change.today) for row in rows]
        beds = _names(change, rows)
        run = last_run(change.connection)
        advice = None if run is None else advising.asked(change.connection, run["id"])
    return visit.page(
        "holds.html",
        title="Held back",
        listing=listing,
        wanted=status,
        holds=shown,
        beds=beds,
        run=run,
        advised=advice is not None and advice["status"] == advising.MADE,
    )


@router.get("/premises-held/new")
def page_new_hold(visit: Visiting) -> HTMLResponse:
    """The form to hold a bed by hand: first its premises, then the rest."""
    place = visit.asked("premises")
    if "premises" in visit.request.query_params and not place:
        return _form(visit, {"premises": ""}, at("premises", "Choose premises"))
    return _form(visit, {"premises": place})


@router.post("/premises-held/new")
def page_create_hold(visit: Visiting) -> Response:
    """Hold a bed by hand."""
    said = {name: visit.said(name, LONGEST) for name in FIELDS}
    missing = _missing(said)
    if missing:
        return _form(visit, said, missing)

    def make(change: Change) -> Answer:
        return Answer(201, {"id": holds.make(change, _wanted(said))["id"]})

    try:
        answer = visit.once(said, make)
    except REFUSED as refusal:
        return _form(visit, said, at_fields(refusal, FIELDS, "bed"))
    return visit.go(f"/premises-held/{answer.body['id']}", "held")


@router.get("/premises-held/{identifier}")
def page_hold(identifier: str, visit: Visiting) -> HTMLResponse:
    """One hold, what has happened to it, and what may be done with it."""
    return _one(visit, identifier)


@router.post("/premises-held/{identifier}/release")
def page_release_hold(identifier: str, visit: Visiting) -> Response:
    """Let go of the bed."""
    reason = visit.said("reason", LONGEST)
    if not reason:
        return _wrong(visit, identifier, "reason", "Say why the bed need not be held any longer")
    return _done(
        visit,
        identifier,
        "hold-released",
        "reason",
        lambda change: holds.release(change, identifier, reason),
    )


@router.post("/premises-held/{identifier}/extension")
def page_extend_hold(identifier: str, visit: Visiting) -> Response:
    """Hold it until another day."""
    why, version = visit.said("extension_reason", LONGEST), visit.said("version", 9)
    try:
        until = day_from(visit.said("until", 10), "until")
    except InvalidError as refusal:
        return _wrong(visit, identifier, "until", refusal.detail)
    if until is None or not why:
        field = "until" if until is None else "extension_reason"
        words = (
            "Give the day on which it is to end" if until is None else "Say why it is to end then"
        )
        return _wrong(visit, identifier, field, words)
    read = int(version) if version.isdecimal() else None
    return _done(
        visit,
        identifier,
        "hold-extended",
        "until",
        lambda change: holds.extend(change, identifier, until, why, read),
    )


def _one(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = change.row("hold", identifier)
        hold = HoldShown.of(row, change.today)
        bed = _names(change, [row]).get(identifier, row["bed_id"])
        events = _events(change, identifier)
    shown: dict[str, Any] = {
        "title": f"Hold on {bed}",
        "hold": hold,
        "bed": bed,
        "events": events,
        "errors": {},
        "latest": visit.register.clock.today() + timedelta(days=holds.MOST_DAYS),
        "said": {name: value for name, value in visit.form.items() if isinstance(value, str)},
        **more,
    }
    return visit.page("hold.html", status, **shown)


def _events(change: Change, identifier: str) -> list[Row]:
    mine = (EVENTS.c.kind == "hold") & (EVENTS.c.subject == identifier)
    wanted = select(EVENTS.c.at, EVENTS.c.action, EVENTS.c.actor_name).where(mine)
    found = change.connection.execute(wanted.order_by(EVENTS.c.seq.desc()).limit(100))
    return [dict(row) for row in found.mappings()]


def _wrong(
    visit: Visit, identifier: str, field: str, words: str, status: int = 422
) -> HTMLResponse:
    told = at(field, words)
    return _one(visit, identifier, status, error_summary=told, errors=messages(told))


def _done(
    visit: Visit, identifier: str, told: str, field: str, command: Callable[[Change], Row]
) -> RedirectResponse | HTMLResponse:
    """Do it once; what stands in the way is said on the page of the hold."""
    body = {
        name: value
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and not name.startswith("form_")
    }
    try:
        visit.once(body, lambda change: Answer(200, {"version": command(change)["version"]}))
    except REFUSED as refusal:
        if isinstance(refusal, NotThereError):
            raise
        stale = isinstance(refusal, StaleError)
        return _wrong(visit, identifier, field, CHANGED if stale else refusal.detail, 409)
    return visit.go(f"/premises-held/{identifier}", told)


def _form(visit: Visit, said: dict[str, str], wrong: Summary | None = None) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        places = sorted((row["name"], row["id"]) for row in change.outlines("premises", ["name"]))
        there = BEDS.c.premises_id == said["premises"]
        ids = [row["id"] for row in change.outlines("bed", [], there)] if said["premises"] else []
        beds = {bed: named.place for bed, named in bed_names(change, ids).items()}
        bands = [(str(n), band.name) for n, band in enumerate(change.policy.bands, start=1)][:-1]
    return visit.page(
        "new_hold.html",
        422 if wrong else 200,
        title="Hold a bed back",
        places=[(identifier, name) for name, identifier in places],
        beds=sorted(beds.items(), key=lambda each: each[1]),
        bands=bands,
        said={**dict.fromkeys(FIELDS, ""), **said},
        latest=visit.register.clock.today() + timedelta(days=holds.MOST_DAYS),
        error_summary=wrong or [],
        errors=messages(wrong or []),
    )


_NEEDED = {
    "bed": "Choose a bed",
    "first_night": "Give the first night",
    "last_night": "Give the last night",
    "lowest_band": "Say for whom the bed is held",
    "until": "Give the day on which the hold ends by itself",
    "why": "Say why the bed is held",
}


def _missing(said: dict[str, str]) -> Summary:
    """What is not there, or is no day."""
    found = {name: words for name, words in _NEEDED.items() if not said[name]}
    for name in ("first_night", "last_night", "until"):
        try:
            day_from(said[name], name.replace("_", " "))
        except InvalidError as refusal:
            found[name] = refusal.detail
    if said["lowest_band"] and not (
        said["lowest_band"].isdecimal() and len(said["lowest_band"]) < 3
    ):
        found["lowest_band"] = "Choose a band"
    return [entry for name, words in found.items() for entry in at(name, words)]


def _wanted(said: dict[str, str]) -> holds.Wanted:
    first, last, until = (
        date.fromisoformat(said[name]) for name in ("first_night", "last_night", "until")
    )
    if last < first:
        wrong = "the last night is before the first"
        raise InvalidError(wrong, [{"where": "last_night", "message": wrong, "kind": "value"}])
    nights = Stay(first, last + timedelta(days=1))
    return holds.Wanted(said["bed"], nights, int(said["lowest_band"]), until, said["why"])


def _names(change: Change, rows: list[Row]) -> dict[str, str]:
    """By hold, what its bed is called."""
    names = bed_names(change, [row["bed_id"] for row in rows])
    return {row["id"]: names[row["bed_id"]].whole for row in rows if row["bed_id"] in names}

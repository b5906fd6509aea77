"""Holds: beds held back, for whom, why and until when; and what a plan's advice would hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from allocator.nights import Stay
from api.pages.days import day_from
from api.pages.listing import Listing
from api.pages.visit import Visit, Visiting, go
from api.routes.asking import reading
from api.routes.run_advice import run_advice
from api.routes.run_models import run_shown
from api.routes.run_reads import Seen
from api.service import advised_holds, holds
from api.service.change import Change
from api.service.held_nights import with_status
from api.service.lists import Orders, counted, cut
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
    StaleError,
)
from api.service.register import Answer
from api.service.seeing import restricted, the_run
from api.service.smallest_changes import last_run
from api.store.tables import ADVICE, BEDS, EVENTS, HOLDS, PREMISES
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
FIELDS = ("premises", "bed", "first_night", "last_night", "lowest_band", "until", "why")
_REFUSED = (ConflictError, InvalidError, NotAllowedError, NotThereError, StaleError)


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
            ORDERS[listing.sort.removeprefix("-")],
            turned=listing.sort.startswith("-"),
            limit=listing.size,
            offset=listing.offset,
        )
        shown = [HoldShown.of(row, change.today) for row in rows]
        beds, places = _names(change, rows)
        run = last_run(change.connection)
        advised = run is not None and _has_advice(change, run["id"])
    return visit.page(
        "holds.html",
        title="Held back",
        listing=listing,
        wanted=status,
        holds=shown,
        beds=beds,
        places=places,
        run=run,
        advised=advised,
    )


@router.get("/premises-held/new")
def page_new_hold(visit: Visiting) -> HTMLResponse:
    """The form to hold a bed by hand: first its premises, then the rest."""
    return _form(visit, {"premises": visit.asked("premises")})


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
    except _REFUSED as refusal:
        return _form(visit, said, [{"text": _said(refusal.detail), "href": "#bed"}])
    return go(f"/premises-held/{answer.body['id']}", told="held")


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


@router.get("/runs/{run_id}/advice")
def page_advice(run_id: str, visit: Visiting) -> HTMLResponse:
    """What a plan's advice would hold, for whom, and what it brings and costs each band."""
    return _advice(visit, run_id)


@router.post("/runs/{run_id}/advice")
def page_accept_hold(run_id: str, visit: Visiting) -> Response:
    """Hold one bed as the plan's advice says. A named person does."""
    bed = visit.said("bed", 200)
    first = day_from(visit.said("first_night", 10), "first night")

    def make(change: Change) -> Answer:
        wanted = advised_holds.as_advised(change, run_id, bed, advised_holds.Said(first))
        seats = advised_holds.seats_for(change, run_id)
        return Answer(201, {"id": holds.make(change, wanted, seats)["id"]})

    try:
        answer = visit.once({"run": run_id, "bed": bed, "first": f"{first}"}, make)
    except _REFUSED as refusal:
        wrong = [{"text": _said(refusal.detail), "href": "#advised"}]
        return _advice(visit, run_id, 409, error_summary=wrong)
    return go(f"/premises-held/{answer.body['id']}", told="held")


def _advice(visit: Visit, run_id: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        hidden = restricted(change.connection, visit.actor)
    advice = run_advice(Seen(visit.register, visit.actor, visit.request, run, hidden), 1)
    listing = Listing.of(visit, ("until",), "until", ()).holding(len(advice.holds))
    ordered = sorted(advice.holds, key=lambda each: (each.until, each.bed_id, each.first_night))
    some = ordered[listing.offset : listing.offset + listing.size]
    with reading(visit.register, visit.actor) as change:
        beds = change.rows("bed", BEDS.c.id.in_([each.bed_id for each in some]))
        places = change.outlines(
            "premises", ["name"], PREMISES.c.id.in_([each.premises_id for each in some])
        )
    return visit.page(
        "advice.html",
        status,
        title="What to hold back",
        run=run_shown(run),
        advice=advice,
        listing=listing,
        some=some,
        beds={row["id"]: row["details"]["name"] for row in beds},
        places={row["id"]: row["name"] for row in places},
        **more,
    )


def _one(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = change.row("hold", identifier)
        hold = HoldShown.of(row, change.today)
        beds, places = _names(change, [row])
        events = _events(change, identifier)
    shown: dict[str, Any] = {
        "title": "A bed held back",
        "hold": hold,
        "bed": beds.get(hold.bed_id, hold.bed_id),
        "place": places.get(hold.premises_id, hold.premises_id),
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
    words = _said(words)
    told = [{"text": words, "href": f"#{field}"}]
    return _one(visit, identifier, status, error_summary=told, errors={field: words})


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
    except _REFUSED as refusal:
        if isinstance(refusal, NotThereError):
            raise
        return _wrong(visit, identifier, field, refusal.detail, 409)
    return go(f"/premises-held/{identifier}", told=told)


def _form(
    visit: Visit, said: dict[str, str], wrong: list[dict[str, str]] | None = None
) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        places = sorted((row["name"], row["id"]) for row in change.outlines("premises", ["name"]))
        beds = (
            change.rows("bed", BEDS.c.premises_id == said["premises"]) if said["premises"] else []
        )
        bands = [(str(n), band.name) for n, band in enumerate(change.policy.bands, start=1)][:-1]
    errors = {each["href"][1:]: each["text"] for each in wrong or ()}
    return visit.page(
        "new_hold.html",
        422 if wrong else 200,
        title="Hold a bed back",
        places=[(identifier, name) for name, identifier in places],
        beds=[(row["id"], row["details"]["name"]) for row in beds],
        bands=bands,
        said={**dict.fromkeys(FIELDS, ""), **said},
        latest=visit.register.clock.today() + timedelta(days=holds.MOST_DAYS),
        error_summary=wrong or [],
        errors=errors,
    )


_NEEDED = {
    "bed": "Choose a bed",
    "first_night": "Give the first night",
    "last_night": "Give the last night",
    "lowest_band": "Say for whom the bed is held",
    "until": "Give the day on which the hold ends by itself",
    "why": "Say why the bed is held",
}


def _missing(said: dict[str, str]) -> list[dict[str, str]]:
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
    return [{"text": words, "href": f"#{name}"} for name, words in found.items()]


def _wanted(said: dict[str, str]) -> holds.Wanted:
    first, last, until = (
        date.fromisoformat(said[name]) for name in ("first_night", "last_night", "until")
    )
    if last < first:
        raise InvalidError("the last night is before the first")
    nights = Stay(first, last + timedelta(days=1))
    return holds.Wanted(said["bed"], nights, int(said["lowest_band"]), until, said["why"])


def _names(change: Change, rows: list[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """By id, what beds and premises of these holds are called."""
    beds = change.rows("bed", BEDS.c.id.in_([row["bed_id"] for row in rows]))
    places = change.outlines(
        "premises", ["name"], PREMISES.c.id.in_([row["premises_id"] for row in rows])
    )
    return (
        {row["id"]: row["details"]["name"] for row in beds},
        {row["id"]: row["name"] for row in places},
    )


def _has_advice(change: Change, run_id: str) -> bool:
    return bool(change.outlines("advice", [], ADVICE.c.id == run_id, ADVICE.c.status == "made"))


def _said(words: str) -> str:
    return words[:1].upper() + words[1:]

"""Advice: what a plan's advice would hold, for whom, and one bed of it held by a named person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.forecast.expected import DRAWS
from api.pages.at_fields import Summary, at
from api.pages.days import day_from
from api.pages.holds import REFUSED
from api.pages.listing import Listing
from api.pages.refusal_words import with_beds
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.run_advice import run_advice
from api.routes.run_models import run_shown
from api.routes.run_reads import Seen
from api.service import advised_holds, holds
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.refusals import Refusal
from api.service.register import Answer
from api.service.seeing import is_pseudonymous, restricted, the_run
from api.store.tables import REFERRALS

router = APIRouter()


@router.get("/runs/{run_id}/advice")
def page_advice(run_id: str, visit: Visiting) -> HTMLResponse:
    """What a plan's advice would hold, for whom, and what it brings and costs each band."""
    return _advice(visit, run_id)


@router.post("/runs/{run_id}/advice")
def page_accept_hold(run_id: str, visit: Visiting) -> Response:
    """Hold one bed as the plan's advice says. A named person does, once it was looked at."""
    bed = visit.said("bed", 200)
    first = day_from(visit.said("first_night", 10), "first night")

    def make(change: Change) -> Answer:
        wanted = advised_holds.as_advised(change, run_id, bed, advised_holds.Said(first))
        seats = advised_holds.seats_for(change, run_id)
        return Answer(201, {"id": holds.make(change, wanted, seats)["id"]})

    if not visit.said("confirmed"):
        return _check(visit, run_id, bed, first)
    try:
        answer = visit.once({"run": run_id, "bed": bed, "first": f"{first}"}, make)
    except REFUSED as refusal:
        return _advice(visit, run_id, 409, error_summary=_refused(visit, refusal))
    return visit.go(f"/premises-held/{answer.body['id']}", "held")


def _check(visit: Visit, run_id: str, bed: str, first: date | None) -> HTMLResponse:
    """What would be held, for whom and until when, before it is."""
    try:
        with reading(visit.register, visit.actor) as change:
            wanted = advised_holds.as_advised(change, run_id, bed, advised_holds.Said(first))
            names = bed_names(change, [bed])
    except REFUSED as refusal:
        return _advice(visit, run_id, 409, error_summary=_refused(visit, refusal))
    return visit.page(
        "check_hold.html",
        title="Check before you hold this bed",
        run_id=run_id,
        wanted=wanted,
        bed=names[bed].whole if bed in names else bed,
        last_night=wanted.nights.departure - timedelta(days=1),
    )


def _refused(visit: Visit, refusal: Refusal) -> Summary:
    """What stands in the way, with beds by their names."""
    with reading(visit.register, visit.actor) as change:
        return at("advised", with_beds(change, refusal))


def _advice(visit: Visit, run_id: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        hidden = restricted(change.connection, visit.actor)
    advice = run_advice(Seen(visit.register, visit.actor, visit.request, run, hidden), 1)
    listing = Listing.of(visit, ("until",), "until", ()).holding(len(advice.holds))
    ordered = sorted(advice.holds, key=lambda each: (each.until, each.bed_id, each.first_night))
    some = ordered[listing.offset : listing.offset + listing.size]
    with reading(visit.register, visit.actor) as change:
        beds = bed_names(change, [each.bed_id for each in some])
        ids = [each.held_back for each in some if each.held_back]
        bids = change.outlines("referral", ["crn"], REFERRALS.c.id.in_(ids))
    return visit.page(
        "advice.html",
        status,
        title="What to hold back",
        run=run_shown(run),
        advice=advice,
        forecast_draws=DRAWS,
        history_last=advice.history_until - timedelta(days=1),
        listing=listing,
        some=some,
        beds={bed: named.whole for bed, named in beds.items()},
        crns={} if is_pseudonymous(visit.actor) else {row["id"]: row["crn"] for row in bids},
        **more,
    )

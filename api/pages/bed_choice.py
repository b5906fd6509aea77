"""Bed choice: another bed for somebody: the premises that are lawful for them, then beds there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from allocator.nights import Stay
from api.pages.days import day_asked
from api.pages.needed import losing
from api.pages.proposal_filters import list_of
from api.pages.refusal_words import errors_of
from api.pages.visit import Visit, Visiting, go
from api.routes.asking import reading
from api.service import referrals
from api.service.bed_offers import BedOffered, beds_offered, premises_offered
from api.service.change import Change
from api.service.day_bounds import require_length
from api.service.kept_out import kept_out
from api.service.plan_needs import kept_seats
from api.service.refusals import ConflictError, InvalidError
from api.service.seeing import is_hidden, the_run
from api.store.values import Row

router = APIRouter()
NOTHING = "Choose a bed"


@router.get("/runs/{run_id}/proposals/{referral_id}/beds")
def page_choose_bed(run_id: str, referral_id: str, visit: Visiting) -> Response:
    """Premises that are lawful for the person, nearest first; with `premises`, the beds there.

    With `chosen` on to the proposal's form, with the bed.
    """
    wanted = visit.asked("premises")
    nothing = bool(wanted and visit.asked("chosen")) and not visit.asked("bed")
    if visit.asked("chosen") and visit.asked("bed"):
        return _to_the_form(visit, run_id, referral_id)
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        bid = referrals.the_bid(change, referral_id)
        proposal = change.row("proposal", f"{run_id}/{referral_id}")
        if proposal["status"] != "proposed":
            raise _nothing_to_change(change, proposal, bid)
        stay = _stay(visit, proposal["arrival"], proposal["departure"])
        seats = partial(kept_seats, change, run)
        beds = beds_offered(change, bid, wanted, stay, seats) if wanted else []
        sites = [] if wanted else premises_offered(change, bid, stay, seats)
        shown = offered(change, bid, wanted, beds)
    visit.log([referral_id, *shown.pop("seen")])
    return visit.page(
        "choose_bed.html",
        422 if nothing else 200,
        home=f"/runs/{run_id}/proposals/{quote(referral_id, safe='')}",
        parts=list_of(visit, run_id).parts(),
        known=proposal,
        moving=False,
        fixed=False,
        error_summary=[{"text": NOTHING, "href": "#bed-1"}] if nothing else [],
        wrong=NOTHING if nothing else "",
        bid=bid,
        stay=stay,
        beds=beds,
        sites=sites,
        **shown,
    )


def _nothing_to_change(change: Change, proposal: Row, bid: Row) -> ConflictError:
    """The refusal, with where to look instead."""
    became = "overtaken" if proposal["status"] == "superseded" else "decided"
    told = not is_hidden(change.connection, change.actor, bid["crn"])
    return ConflictError(
        f"This proposal has been {became}: there is nothing to change.",
        code="proposal-decided",
        run_id=proposal["run_id"],
        referral_id=bid["id"],
        booking_id=bid["booking_id"] if told else None,
    )


def offered(
    change: Change, bid: Row, premises_id: str, beds: Sequence[BedOffered]
) -> dict[str, Any]:
    """What the choice says of these beds, at premises if any are chosen; `seen`: who is told of."""
    site = change.row("premises", premises_id) if premises_id else None
    loses = losing(change, {bed.id: bed.loses for bed in beds})
    against = {bed.id: errors_of(change, bed.against, bid) for bed in beds}
    out = {name for zone in kept_out(change, bid["crn"]) for name in zone.premises_ids}
    names = [row["name"] for row in change.outlines("premises", ["name"]) if row["id"] in out]
    others = {each.proposal["referral_id"] for rows in loses.values() for each in rows}
    return {
        "title": f"Beds at {site['name']}" if site else "Another bed",
        "site": site,
        "against": against,
        "loses": loses,
        "ruled_out": sorted(names),
        # The premises too: what stands against beds there tells of others.
        "seen": [*others, *([premises_id] if premises_id else [])],
    }


def _to_the_form(visit: Visit, run_id: str, referral_id: str) -> Response:
    """On to the proposal, with what was chosen in its form."""
    named = {name: visit.asked(name) for name in ("bed", "arrival", "departure")}
    parts = {**list_of(visit, run_id).parts(), **{n: told for n, told in named.items() if told}}
    here = f"/runs/{run_id}/proposals/{quote(referral_id, safe='')}"
    return go(f"{here}?{urlencode(parts)}#decide")


def _stay(visit: Visit, arrival: date, departure: date) -> Stay:
    """The stay that the address asks for; as proposed, where it names none."""
    nights = departure - arrival
    first = day_asked(visit, "arrival", arrival)
    last = day_asked(visit, "departure", first + nights)
    if last <= first:
        raise InvalidError("The departure must be after the arrival.")
    stay = Stay(first, last)
    require_length(stay)
    return stay

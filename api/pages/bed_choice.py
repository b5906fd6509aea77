"""Bed choice: another bed for somebody: the premises that are lawful for them, then beds there."""

from __future__ import annotations

from datetime import date
from functools import partial

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from allocator.nights import Stay
from api.pages.bed_picture import USE_WORDS
from api.pages.days import day_asked
from api.pages.needed import losing
from api.pages.refusal_words import errors_of
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.service import referrals
from api.service.bed_offers import beds_offered, premises_offered
from api.service.day_bounds import LONGEST_NIGHTS
from api.service.decisions import seats_of
from api.service.kept_out import kept_out
from api.service.refusals import ConflictError, InvalidError
from api.service.seeing import the_run

router = APIRouter()


@router.get("/runs/{run_id}/proposals/{referral_id}/beds")
def page_choose_bed(run_id: str, referral_id: str, visit: Visiting) -> HTMLResponse:
    """Premises that are lawful for the person, nearest first; with `premises`, the beds there."""
    wanted = visit.asked("premises")
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        bid = referrals.the_bid(change, referral_id)
        proposal = change.row("proposal", f"{run_id}/{referral_id}")
        if proposal["status"] != "proposed":
            raise ConflictError("This proposal has been decided: there is nothing to change.")
        stay = _stay(visit, proposal["arrival"], proposal["departure"])
        site = change.row("premises", wanted) if wanted else None
        seats = partial(seats_of, change, run)
        beds = beds_offered(change, bid, wanted, stay, seats) if wanted else []
        sites = [] if wanted else premises_offered(change, bid, stay)
        loses = losing(change, {bed.id: bed.loses for bed in beds})
        against = {bed.id: errors_of(change, bed.against, bid) for bed in beds}
        out = {name for zone in kept_out(change, bid["crn"]) for name in zone.premises_ids}
        names = {
            row["id"]: row["name"]
            for row in change.outlines("premises", ["name"])
            if row["id"] in out
        }
    others = {each.proposal["referral_id"] for rows in loses.values() for each in rows}
    # The premises too: what stands against beds there tells of others.
    visit.log([referral_id, *others, *([wanted] if wanted else [])])
    return visit.page(
        "choose_bed.html",
        title=f"Beds at {site['name']}" if site else "Another bed",
        run=run,
        bid=bid,
        proposal=proposal,
        stay=stay,
        site=site,
        beds=beds,
        sites=sites,
        against=against,
        loses=loses,
        ruled_out=sorted(names.values()),
        use_words=USE_WORDS,
    )


def _stay(visit: Visit, arrival: date, departure: date) -> Stay:
    """The stay that the address asks for; as proposed, where it names none."""
    nights = departure - arrival
    first = day_asked(visit, "arrival", arrival)
    last = day_asked(visit, "departure", first + nights)
    if last <= first:
        raise InvalidError("The departure must be after the arrival.")
    if (last - first).days > LONGEST_NIGHTS:
        raise InvalidError(f"A stay has at most {LONGEST_NIGHTS:,} nights.")
    return Stay(first, last)

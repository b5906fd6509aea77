"""Without a bed: everyone, most urgent first; where a coordinator begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from allocator.explain import Main
from allocator.export.table import Cell
from allocator.vocabulary import RiskTier
from api.pages.kept_words import kept_told
from api.pages.listing import Listing
from api.pages.navigation import sections_for
from api.pages.taking_away import MOST_ROWS, require_few, taken_away
from api.pages.visit import WITH_A_FILE, Visiting
from api.pages.words import ATTEMPTS, GENDERS, ap_type, sentence, spaced
from api.routes.asking import reading
from api.routes.bids import bids_shown
from api.service import brief as briefs
from api.service import waiting_list
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.freed_beds import freed_beds
from api.service.given_up import as_now
from api.service.in_closed_beds import in_closed_beds
from api.service.kept_forms import MOST_FORMS, kept_forms, kept_outlines, take_form
from api.service.lists import last_attempts
from api.service.onward import left_behind
from api.service.other_stays import as_told, bids_of, stays_instead
from api.service.plan_needs import plan_needs
from api.service.refusals import InvalidError
from api.service.seeing import hidden_people
from api.service.smallest_changes import changes_for, last_run, not_yet_in
from api.service.unsuitable import unsuitable
from api.service.waiting_list import ORDERS, Wanted
from api.store.values import Row
from api.wire.shown import ReferralShown

router = APIRouter()
HEADINGS = (
    *("bid", "band", "release_date", "latest_arrival", "failed_attempts", "escalated_to"),
    *("acknowledged_by", "owner", "crn", "tier", "estate", "ap_type"),
    *("bed_proposed_from", "main_reason", "last_attempt", "last_attempt_day"),
)
NOT_YET = "Not in the last plan yet"
FILTERS = (
    "band",
    "gender",
    "ap_type",
    "tier",
    "rung",
    "acknowledged",
    "owner",
    "within",
    "proposed",
)


@router.get("/")
def page_home(visit: Visiting) -> Any:
    """On to where this person begins."""
    sections = sections_for(visit.actor)
    if sections:
        return RedirectResponse(sections[0].href, 303)
    return visit.page("home.html", title="Approved premises beds")


@router.get("/without-a-bed")
def page_without_bed(visit: Visiting) -> HTMLResponse:
    """Everyone without a bed."""
    listing = Listing.of(visit, ORDERS, "urgency", FILTERS)
    wanted = _wanted(listing)
    with reading(visit.register, visit.actor) as change:
        lost = plan_needs(change).lost_ids
        wanted = replace(wanted, lost=lost)
        listing = listing.holding(waiting_list.how_many(change, wanted))
        rows = waiting_list.some(
            change, wanted, listing.sort, limit=listing.size, offset=listing.offset
        )
        bids = bids_shown(change, rows)
        seen = [bid.id for bid in bids if bid.details is not None]
        attempts = last_attempts(change, seen)
        beds_tried = briefs.beds_tried(change, list(attempts.values()))
        proposed = waiting_list.proposed_to(change, seen)
        freed = freed_beds(change, seen)
        by_band = waiting_list.by_band(change, lost)
        run = last_run(change.connection)
        changes = as_told(change.connection, visit.actor, changes_for(change.connection, run, seen))
        changes, named = as_now(change, run, rows, changes)
        others = stays_instead(change, rows, changes)
        too_late = not_yet_in(change.connection, run, seen)
        bands = [(n, band.name) for n, band in enumerate(change.policy.bands, start=1)]
        rungs = _rungs(change)
        unsuited, unjudged = unsuitable(change) if visit.may("page_booking") else ([], [])
        left = left_behind(change) if visit.may("page_booking") else []
        hidden = hidden_people(change.connection, visit.actor) if left else frozenset()
        left = [each for each in left if each[1]["crn"] not in hidden]
        closed = in_closed_beds(change) if visit.may("page_booking") else []
        if closed:
            unknown = hidden_people(change.connection, visit.actor)
            closed = [each for each in closed if each.booking["crn"] not in unknown]
        booked = [each.booking for each in unsuited] + [each.booking for each in closed]
        booked += [after for _, after in left]
        beds = bed_names(change, {each["bed_id"] or "" for each in booked})
    theirs = [*(each.referral_id for each in [*unsuited, *unjudged]), *(a["id"] for _, a in left)]
    theirs += [each.booking["id"] for each in closed]
    visit.log({*(bid.id for bid in bids), *bids_of(others), *theirs, *named})
    return visit.page(
        "without_bed.html",
        title="People without a bed",
        bids=bids,
        attempts=attempts,
        beds_tried=beds_tried,
        changes=changes,
        same_person=Main.SAME_PERSON.code,
        others=others,
        not_yet=NOT_YET,
        too_late=too_late,
        proposed=proposed,
        freed=freed,
        lost=lost,
        run=run,
        listing=listing,
        bands=bands,
        band_names=dict(bands),
        by_band=by_band,
        rungs=rungs,
        unsuited=unsuited,
        unjudged=unjudged,
        left_behind=left,
        in_closed_beds=closed,
        one_day=timedelta(days=1),
        bed_names=beds,
        tiers=[(tier.value, tier.value.replace("_", " ").capitalize()) for tier in RiskTier],
    )


@router.get("/without-a-bed.csv")
def page_without_bed_file(visit: Visiting) -> Response:
    """The same people as a file; of a bid that the reader may not see, where it stands alone."""
    listing = Listing.of(visit, ORDERS, "urgency", FILTERS)
    with reading(visit.register, visit.actor) as change:
        lost = plan_needs(change).lost_ids
        wanted = replace(_wanted(listing), lost=lost)
        require_few(waiting_list.how_many(change, wanted))
        rows = waiting_list.some(change, wanted, listing.sort, limit=MOST_ROWS, offset=0)
        bids = bids_shown(change, rows)
        seen = [bid.id for bid in bids if bid.details is not None]
        proposed = {
            name: row
            for name, row in waiting_list.proposed_to(change, seen).items()
            if row["id"] not in lost
        }
        attempts = last_attempts(change, seen)
        beds_tried = briefs.beds_tried(change, list(attempts.values()))
        run = last_run(change.connection)
        reasons = changes_for(change.connection, run, seen)
        reasons = as_told(change.connection, visit.actor, reasons)
        reasons, named = as_now(change, run, rows, reasons)
        too_late = not_yet_in(change.connection, run, seen)
    why = {name: reason.text for name, reason in reasons.items()}
    why = dict.fromkeys(too_late, NOT_YET) | why
    tried = {name: (_failed(row, beds_tried), row["day"]) for name, row in attempts.items()}
    told = [
        _told(bid, proposed.get(bid.id), why.get(bid.id), tried.get(bid.id, (None, None)))
        for bid in bids
    ]
    subjects = {*(bid.id for bid in bids), *named}
    return taken_away(visit, "without-a-bed", HEADINGS, told, subjects)


def _failed(attempt: Row, beds: Mapping[str, str]) -> str:
    """Why the last attempt did, and with which bed, where it had one."""
    bed = beds.get(attempt["id"])
    word = ATTEMPTS.get(attempt["code"])
    return f"{word} {bed}: {attempt['text']}" if bed and word else str(attempt["text"])


def _told(
    bid: ReferralShown, proposed: Row | None, why: str | None, tried: tuple[Cell, Cell]
) -> tuple[Cell, ...]:
    """As the page has it. `proposed`: a bed that can be had still; `why`: by the last plan;
    `tried`: what came of the last attempt, which may be older, and its day.
    """
    rung, details = bid.escalation, bid.details
    place = (
        *(bid.id, bid.band, bid.release_date, bid.latest_arrival, bid.failed_attempts),
        None if rung is None else sentence(rung.role),
        None if rung is None else rung.acknowledged_by,
        bid.owner_name,
    )
    if details is None:
        return (*place, *(None,) * 8)
    tier = None if details.tier is None else spaced(details.tier.value)
    return (
        *(*place, details.crn, tier, GENDERS[details.gender.value], ap_type(details.ap_type.value)),
        None if proposed is None else proposed["arrival"],
        why,
        *tried,
    )


def _rungs(change: Change) -> list[tuple[int, str]]:
    return [(n, sentence(rung.role)) for n, rung in enumerate(change.policy.escalation)]


def _wanted(listing: Listing) -> Wanted:
    asked = listing.asked
    known = {"": None, "yes": True, "no": False}
    if not {asked.get("acknowledged", ""), asked.get("proposed", "")} <= known.keys():
        raise InvalidError("Acknowledged and proposed are yes or no.")
    return Wanted(
        band=_number(asked.get("band", "")),
        gender=asked.get("gender", ""),
        ap_type=asked.get("ap_type", ""),
        tier=asked.get("tier", ""),
        rung=_number(asked.get("rung", "")),
        acknowledged=known[asked.get("acknowledged", "")],
        owner=asked.get("owner", ""),
        within_days=_number(asked.get("within", "")),
        proposed=known[asked.get("proposed", "")],
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 3:
        raise InvalidError("A filter that is a number has at most three digits.")
    return int(text)


@router.get("/kept-forms")
def page_kept_form(visit: Visiting) -> HTMLResponse:
    """What was sent when the session had ended, each to be sent again or deleted."""
    with reading(visit.register, visit.actor) as change:
        kept = kept_forms(change.connection, visit.actor, visit.register.clock.now())
        told = [(each, kept_told(change, each)) for each in kept]
    if told:
        visit.log({name for _, words in told for name in words.seen})
    return visit.page(
        "kept_forms.html",
        title="Forms that were kept",
        forms=told,
        without_file=WITH_A_FILE,
        most=MOST_FORMS,
    )


@router.post("/kept-forms")
def page_drop_kept_form(visit: Visiting) -> RedirectResponse:
    """One of them is not wanted any more."""
    with visit.register.changing(visit.actor) as change:
        take_form(change, visit.said("kept"))
        left = kept_outlines(change.connection, visit.actor, change.at)
    if left:
        return visit.go("/kept-forms", "dropped")
    sections = sections_for(visit.actor)
    return visit.go(sections[0].href if sections else "/", "dropped")

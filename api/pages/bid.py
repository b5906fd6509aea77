"""Bid: one person's case: where it stands, what was tried, who has it, and what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from allocator.explain import Main
from allocator.geography.regions import region_of_outcode
from api.pages import timeline
from api.pages.at_fields import at, messages
from api.pages.case_words import OFFENCES
from api.pages.changed_words import all_told
from api.pages.decided_words import what_became_before, what_became_of
from api.pages.refusal_words import in_words
from api.pages.stay_offers import offers
from api.pages.visit import Visit, Visiting, go
from api.pages.words import moment, refused
from api.routes.asking import reading
from api.routes.bids import bids_shown
from api.routes.run_reasons import explained
from api.service import brief as briefs
from api.service import closing, owners, referrals
from api.service.bed_names import bed_names
from api.service.bid_changes import bid_changes
from api.service.change import Change
from api.service.contradictions import contradictions
from api.service.escalation import acknowledge
from api.service.freed_beds import freed_beds
from api.service.given_up import as_now
from api.service.holds_against import holds_against
from api.service.kept_out import kept_out, lift, zones_of
from api.service.other_stays import bids_of, other_stays, without_other_stays
from api.service.plan_needs import lost_of
from api.service.refusals import (
    BusyError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
    StaleError,
)
from api.service.refused_before import refused_before
from api.service.register import Answer
from api.service.run_values import Why
from api.service.situations import SITUATIONS
from api.service.smallest_changes import last_run
from api.service.what_became import last_booked
from api.store.records import referral as bid_of
from api.store.tables import PROPOSALS, REFERRALS
from api.store.values import Row
from api.wire.shown import ReferralShown

router = APIRouter()
LONGEST_REASON = 2_000
LONGEST_CRN = 40


@router.post("/people")
def page_find_person(visit: Visiting) -> Response:
    """The bids of one person. The CRN comes in a form: addresses are written to logs."""
    try:
        crn = visit.said("crn", LONGEST_CRN).upper()
    except InvalidError as refusal:
        typed = str(visit.form.get("crn", ""))
        return _people(visit, typed, [], 422, error_summary=at("crn", refusal.detail))
    with reading(visit.register, visit.actor) as change:
        rows = change.rows("referral", REFERRALS.c.crn == crn) if crn else []
        rows = [row for row in rows if referrals.visible(row, visit.actor)]
        bids = bids_shown(change, rows)
    visit.log([bid.id for bid in bids])
    if len(bids) == 1:
        return go(f"/bids/{bids[0].id}")
    return _people(visit, crn, bids)


def _people(
    visit: Visit, crn: str, bids: list[ReferralShown], status: int = 200, **more: Any
) -> Response:
    errors = messages(more.get("error_summary", []))
    return visit.page(
        "people.html", status, title="Find a person", crn=crn, bids=bids, errors=errors, **more
    )


@router.get("/bids/{identifier}")
def page_bid(identifier: str, visit: Visiting) -> HTMLResponse:
    """One bid."""
    return _shown(visit, identifier)


@router.get("/bids/{identifier}/brief")
def page_brief(identifier: str, visit: Visiting) -> HTMLResponse:
    """The handover brief, which fits a page of paper."""
    with reading(visit.register, visit.actor) as change:
        found = briefs.brief(change, referrals.the_bid(change, identifier))
        booked = found["booking"] or {}
        names = bed_names(change, _beds_of(booked))
        premises = _premises_names(change)
        otherwise = contradictions(change, referrals.the_bid(change, identifier))
        others = other_stays(change, referrals.the_bid(change, identifier))
        freed = freed_beds(change, [identifier]).get(identifier, [])
    said_otherwise = [each.referral_id for each in otherwise]
    named = {*bids_of({identifier: others}), *briefs.other_bids(found)}
    visit.log({identifier, *said_otherwise, *named})
    return visit.page(
        "brief.html",
        title=f"Handover brief: {found['crn']}",
        otherwise=otherwise,
        other_stays=others,
        brief=found,
        freed=freed,
        bed_names=names,
        premises_names=premises,
        offence_words=OFFENCES,
    )


@router.post("/bids/{identifier}/acknowledgement")
def page_acknowledge_escalation(identifier: str, visit: Visiting) -> Response:
    """A named person knows of the bid at its rung."""
    return _done(
        visit,
        identifier,
        "acknowledged",
        lambda change: acknowledge(change, referrals.the_bid(change, identifier)),
    )


@router.post("/bids/{identifier}/owner")
def page_set_owner(identifier: str, visit: Visiting) -> Response:
    """Hand the bid to somebody, or take it."""
    owner_id = visit.actor.id if visit.said("take") else visit.said("owner_id", 200)
    if not owner_id:
        return _hand_over(visit, identifier, "Choose who has the bid from now on")

    def handed(change: Change) -> Row:
        owners.require_seen(change, identifier, visit.said("owner_seen", 200))
        row = owners.hand_over(change, identifier, owner_id)
        mine = owner_id == visit.actor.id
        return referrals.acknowledge_owner(change, identifier) if mine else row

    try:
        return _do(visit, identifier, "mine" if owner_id == visit.actor.id else "owner", handed)
    except (ConflictError, InvalidError, NotAllowedError) as refusal:
        wrong = refused(refusal.detail)
        if refusal.code == "owner-changed":
            name, since = refusal.extra["owner_name"], refusal.extra["since"]
            wrong = f"{name} has had it since {moment(since)}" if since else f"{name} has it by now"
        return _hand_over(visit, identifier, wrong)


@router.get("/bids/{identifier}/owner")
def page_hand_over(identifier: str, visit: Visiting) -> HTMLResponse:
    """Who the bid can be handed to."""
    return _hand_over(visit, identifier)


def _hand_over(visit: Visit, identifier: str, wrong: str = "") -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        bid = referrals.the_bid(change, identifier)
        known = owners.owners_for(change, bid)
    visit.log([identifier])
    several = Counter(known.values())
    people = [
        (owner_id, name if several[name] == 1 else f"{name} ({owner_id})")
        for owner_id, name in known.items()
        if owner_id not in (bid["owner_id"], visit.actor.id)
    ]
    shown: dict[str, Any] = {"title": "Hand the bid to somebody else", "bid": bid, "people": people}
    shown["taking"] = bool(visit.form.get("take"))
    if wrong:
        field = "#take" if shown["taking"] else "#owner_id"
        shown["error_summary"] = [{"text": wrong, "href": field}]
    return visit.page("hand_over.html", 422 if wrong else 200, wrong=wrong, **shown)


@router.post("/bids/{identifier}/ruled-out")
def page_lift_ruled_out(identifier: str, visit: Visiting) -> Response:
    """Premises that were ruled out for the person may be proposed again."""
    zone, version = visit.said("zone", 200), visit.said("version", 9)
    reason = visit.said("lift_reason", LONGEST_REASON)
    if not reason:
        field = f"lift_reason-{zone}"
        return _again(visit, identifier, field, "Say why the premises may be proposed again")

    def lifted(change: Change) -> Row:
        bid = referrals.the_bid(change, identifier)
        if zone not in {each.id for each in kept_out(change, bid["crn"])}:
            raise ConflictError("these premises are not ruled out for the person any more")
        lift(change, zone, int(version) if version.isdecimal() else None, reason, identifier)
        return bid

    return _done(visit, identifier, "may-be-proposed", lifted)


@router.post("/bids/{identifier}/owner/acknowledgement")
def page_acknowledge_owner(identifier: str, visit: Visiting) -> Response:
    """The new owner has it."""
    return _done(
        visit, identifier, "mine", lambda change: referrals.acknowledge_owner(change, identifier)
    )


@router.post("/bids/{identifier}/withdrawal")
def page_withdraw(identifier: str, visit: Visiting) -> Response:
    """The bed is not asked for any more."""
    reason = visit.said("reason", LONGEST_REASON)
    if not reason:
        return _again(visit, identifier, "reason", "Say why the bid is withdrawn")
    return _done(
        visit, identifier, "withdrawn", lambda change: closing.withdraw(change, identifier, reason)
    )


@router.post("/bids/{identifier}/release-without-bed")
def page_release_without_bed(identifier: str, visit: Visiting) -> Response:
    """A manager signs that somebody is released without a bed."""
    reason, fallback = (visit.said(n, LONGEST_REASON) for n in ("release_reason", "fallback"))
    if not reason:
        return _again(visit, identifier, "release_reason", "Say why there is no bed")
    if not fallback:
        return _again(visit, identifier, "fallback", "Say where the person goes")
    return _done(
        visit,
        identifier,
        "released",
        lambda change: closing.release_without_bed(change, identifier, reason, fallback),
    )


def _done(
    visit: Visit, identifier: str, told: str, command: Callable[[Change], Row]
) -> RedirectResponse | HTMLResponse:
    """Do it once; what stands in the way is said on the page of the bid."""
    try:
        return _do(visit, identifier, told, command)
    except (ConflictError, InvalidError, NotAllowedError, StaleError) as refusal:
        with reading(visit.register, visit.actor) as change:
            bid = referrals.the_bid(change, identifier)
            wrong = in_words(change, refusal, bid)
        status = 422 if isinstance(refusal, InvalidError | NotAllowedError) else 409
        return _again(visit, identifier, "main-content", wrong, status)


def _do(
    visit: Visit, identifier: str, told: str, command: Callable[[Change], Row]
) -> RedirectResponse:
    """Do it once, however often the form is sent."""

    def made(change: Change) -> Answer:
        return Answer(200, {"version": command(change)["version"]})

    body = {
        name: value
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and not name.startswith("form_")
    }
    visit.once(body, made)
    return visit.go(f"/bids/{identifier}", told)


def _again(
    visit: Visit, identifier: str, field: str, wrong: str, status: int = 422
) -> HTMLResponse:
    wrong = refused(wrong)
    return _shown(
        visit,
        identifier,
        status,
        error_summary=[{"text": wrong, "href": f"#{field}"}],
        errors={field: wrong},
    )


def _shown(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        row = referrals.the_bid(change, identifier)
        (bid,) = bids_shown(change, [row])
        found = briefs.brief(change, row)
        events = briefs.timeline(change, row, with_facts=True)
        tried = briefs.attempts(change, identifier)
        proposals = change.rows(
            "proposal", PROPOSALS.c.referral_id == identifier, PROPOSALS.c.status == "proposed"
        )
        run = last_run(change.connection)
        planned = None if run is None else change.find("proposal", f"{run['id']}/{identifier}")
        became = what_became_of(change, row, planned) if bid.without_bed else ""
        # A plan made while the bid was booked did not look, or nothing of its bed was proposed.
        asks = bid.without_bed and planned is None
        earlier = last_booked(change, identifier) if asks else None
        became_before = "" if earlier is None else what_became_before(change, row, earlier)
        booked = found["booking"] or {}
        held = holds_against(change, row) if bid.without_bed else []
        beds = {*_beds_of(booked), *(each["bed_id"] for each in [*proposals, *held])}
        beds |= {planned["bed_id"]} if planned else set()
        beds |= {earlier.bed_id or ""} if earlier else set()
        stays = briefs.stays(change, row)
        offered = {each["id"]: offers(visit, change, each) for each in stays}
        beds |= {each["bed_id"] or "" for each in stays}
        beds |= timeline.beds_of(events)
        names = bed_names(change, beds)
        ruled_out = kept_out(change, row["crn"])
        zones = zones_of(change, row["crn"])
        otherwise = contradictions(change, row)
        others = other_stays(change, row) if bid.without_bed else []
        also = _also_open(change, row)
        before = refused_before(change, proposals)
        value = bid_of(row)
        premises = _premises_names(change)
        beds_tried = briefs.beds_tried(change, tried)
        lost = lost_of(change, proposals)
        freed = freed_beds(change, [identifier]).get(identifier, [])
        was = all_told(change, bid_changes(change, identifier, [each["seq"] for each in events]))
        was |= timeline.stays(events, names)
    said_otherwise = [each.referral_id for each in otherwise]
    last = _in_last_plan(visit, run, identifier) if bid.without_bed else InLastPlan()
    named = {*bids_of({identifier: others}), *briefs.other_bids(found), *last.others}
    visit.log({identifier, *said_otherwise, *named, *also})
    shown: dict[str, Any] = {
        "title": f"{found['crn']}",
        "bid": bid,
        "brief": found,
        "events": timeline.told(timeline.decisive(events), was),
        "routine": timeline.told(timeline.routine(events), was),
        "attempts": list(reversed(tried)),
        "beds_tried": beds_tried,
        "proposals": proposals,
        "lost": lost,
        "before": before,
        "bed_names": names,
        "premises_names": premises,
        "held": held,
        "freed": freed,
        "ruled_out": ruled_out,
        "zones": zones,
        "otherwise": otherwise,
        "stays": stays,
        "stay_offers": offered,
        "other_stays": others,
        "also_open": also,
        "planned": planned,
        "earlier": earlier,
        "became": became,
        "became_before": became_before,
        "offence_words": OFFENCES,
        "region": region_of_outcode(value.outcode) if value.outcode else None,
        "run": run,
        "why": last.why,
        "not_told": last.not_told,
        "errors": {},
        "said": {name: value for name, value in visit.form.items() if isinstance(value, str)},
        **more,
    }
    return visit.page("bid.html", status, **shown)


def _beds_of(booked: Mapping[str, Any]) -> list[str]:
    """Where the person is, or is to be, and then."""
    stays = [booked, booked.get("next") or {}]
    return [each.get("bed_id") or "" for each in stays]


def _also_open(change: Change, bid: Row) -> list[str]:
    """Ids of the other open bids of the person, of those that the reader may see."""
    theirs = REFERRALS.c.crn == bid["crn"], REFERRALS.c.status == referrals.OPEN
    found = change.outlines("referral", ["restricted_to"], *theirs, REFERRALS.c.id != bid["id"])
    return sorted(row["id"] for row in found if referrals.visible(row, change.actor))


def _premises_names(change: Change) -> dict[str, str]:
    return {each["id"]: each["name"] for each in change.outlines("premises", ["name"])}


@dataclass(frozen=True, slots=True)
class InLastPlan:
    """What the last plan says of a bid, as its reasons are now. `why` None: there is none, or it
    did not know of the bid; or, where `not_told` has a code, that cannot be told.

    `others`: other bids of the person of which it is told.
    """

    why: dict[str, Any] | None = None
    not_told: str = ""
    others: Set[str] = frozenset()


def _in_last_plan(visit: Visit, run: Row | None, identifier: str) -> InLastPlan:
    if run is None:
        return InLastPlan()
    try:
        with SITUATIONS.of(visit.register, run) as situation:
            told = explained(identifier, situation)
    except BusyError as refusal:
        return InLastPlan(not_told=refusal.code)
    except NotThereError as refusal:
        return InLastPlan(not_told=refusal.code if refusal.code == "erased" else "")
    with reading(visit.register, visit.actor) as change:
        told = without_other_stays(change.connection, visit.actor, told)
        main = told.get("main_reason", {})
        if main.get("kind") != Main.SAME_PERSON.value:
            return InLastPlan(told)
        nothing = told["nothing_would_change"]
        why = Why(Main.SAME_PERSON.code, main["kind"], main["text"], nothing=nothing)
        bid = referrals.the_bid(change, identifier)
        reasons, named = as_now(change, run, [bid], {identifier: why})
    why = reasons[identifier]
    reason = {**main, "text": why.text}
    told |= {"main_reason": reason, "nothing_would_change": why.nothing}
    return InLastPlan(told, others=named)

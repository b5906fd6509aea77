"""Bid: one person's case: where it stands, what was tried, who has it, and what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.pages import timeline
from api.pages.visit import Visit, Visiting, go
from api.pages.words import refused
from api.routes.asking import reading
from api.routes.bids import bids_shown
from api.routes.run_reasons import explained
from api.service import brief as briefs
from api.service import closing, referrals
from api.service.change import Change
from api.service.escalation import acknowledge
from api.service.refusals import (
    BusyError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
)
from api.service.register import Answer
from api.service.situations import SITUATIONS
from api.service.smallest_changes import last_run
from api.store.tables import PROPOSALS, REFERRALS
from api.store.values import Row

router = APIRouter()
LONGEST_REASON = 2_000


@router.post("/people")
def page_find_person(visit: Visiting) -> Response:
    """The bids of one person. The CRN comes in a form: addresses are written to logs."""
    crn = visit.said("crn", 40).upper()
    with reading(visit.register, visit.actor) as change:
        rows = change.rows("referral", REFERRALS.c.crn == crn) if crn else []
        rows = [row for row in rows if referrals.visible(row, visit.actor)]
        bids = bids_shown(change, rows)
    visit.log([bid.id for bid in bids])
    if len(bids) == 1:
        return go(f"/bids/{bids[0].id}")
    return visit.page("people.html", title="Find a person", crn=crn, bids=bids)


@router.get("/bids/{identifier}")
def page_bid(identifier: str, visit: Visiting) -> HTMLResponse:
    """One bid."""
    return _shown(visit, identifier)


@router.get("/bids/{identifier}/brief")
def page_brief(identifier: str, visit: Visiting) -> HTMLResponse:
    """The handover brief, which fits a page of paper."""
    with reading(visit.register, visit.actor) as change:
        found = briefs.brief(change, referrals.the_bid(change, identifier))
    visit.log([identifier])
    return visit.page("brief.html", title=f"Handover brief: {found['crn']}", brief=found)


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
    if visit.said("take"):
        owner_id, name = visit.actor.id, visit.actor.name
    else:
        owner_id, name = visit.said("owner_id", 200), visit.said("owner_name", 200)
        if not owner_id or not name:
            return _again(visit, identifier, "owner_id", "Write the new owner's id and name")

    def handed(change: Change) -> Row:
        row = referrals.set_owner(change, identifier, owner_id, name)
        mine = owner_id == visit.actor.id
        return referrals.acknowledge_owner(change, identifier) if mine else row

    return _done(visit, identifier, "mine" if owner_id == visit.actor.id else "owner", handed)


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

    def made(change: Change) -> Answer:
        return Answer(200, {"version": command(change)["version"]})

    body = {
        name: value
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and not name.startswith("form_")
    }
    try:
        visit.once(body, made)
    except (ConflictError, InvalidError, NotAllowedError) as refusal:
        status = 409 if isinstance(refusal, ConflictError) else 422
        return _again(visit, identifier, "main-content", refusal.detail, status)
    return go(f"/bids/{identifier}", told=told)


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
        proposals = change.rows("proposal", PROPOSALS.c.referral_id == identifier)
        run = last_run(change.connection)
        names = {
            each["id"]: each["name"]
            for each in change.outlines("premises", ["name"])
            if any(each["id"] == p["premises_id"] for p in proposals)
            or each["id"] == (found["booking"] or {}).get("premises_id")
        }
    visit.log([identifier])
    shown: dict[str, Any] = {
        "title": f"{found['crn']}",
        "bid": bid,
        "brief": found,
        "events": timeline.told(events),
        "attempts": list(reversed(tried)),
        "proposals": [p for p in proposals if p["status"] == "proposed"],
        "premises_names": names,
        "run": run,
        "why": _why(visit, run, identifier) if bid.without_bed else None,
        "errors": {},
        "said": {name: value for name, value in visit.form.items() if isinstance(value, str)},
        **more,
    }
    return visit.page("bid.html", status, **shown)


def _why(visit: Visit, run: Row | None, identifier: str) -> dict[str, Any] | None:
    """Why the last plan has no bed for them; None: there is none, or it did not know of them."""
    if run is None:
        return None
    try:
        with SITUATIONS.of(visit.register, run) as situation:
            return explained(identifier, situation)
    except (BusyError, NotThereError):
        return None

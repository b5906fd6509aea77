"""Proposals of a plan: the list, and several accepted at once by somebody who says so of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.vocabulary import RiskTier
from api.pages.changed_words import all_told
from api.pages.decided_words import decided_words
from api.pages.decision_form import sent_as
from api.pages.listing import Listing
from api.pages.proposal import CHANGED, all_of
from api.pages.proposal_filters import list_of, number_of, wanted_of
from api.pages.refusal_words import errors_of
from api.pages.visit import Visit, Visiting
from api.pages.words import counted
from api.routes.asking import reading
from api.service import proposal_lists
from api.service.advising import advised_against
from api.service.bed_names import bed_names
from api.service.bid_changes import bid_changes
from api.service.change import Change
from api.service.contradictions import contradictions
from api.service.decisions import Action, Decision, changes_since, decide
from api.service.given_up import as_now
from api.service.late_arrivals import days_too_late
from api.service.lists import Orders
from api.service.other_stays import as_told, bids_of, stays_instead
from api.service.plan_needs import lost_in
from api.service.referrals import the_bid, visible
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
    Refusal,
    UnlawfulError,
)
from api.service.refused_before import refused_before
from api.service.register import Answer
from api.service.run_values import reasons_of
from api.service.seeing import is_pseudonymous, restricted, the_run
from api.store.tables import BOOKINGS, REFERRALS
from api.store.values import Row

router = APIRouter()
MOST_AT_ONCE = 50
LEFT: Orders = {"band": (REFERRALS.c.band, REFERRALS.c.release_date)}


@router.get("/runs/{run_id}/proposals")
def page_proposals(run_id: str, visit: Visiting) -> HTMLResponse:
    """What the plan proposes; or, asked for with `show`, whom it leaves without a bed."""
    return _listed(visit, run_id)


def _listed(visit: Visit, run_id: str, status: int = 200, **more: Any) -> HTMLResponse:
    listing = list_of(visit, run_id)
    left_out = listing.asked.get("show") == "without"
    reasons: dict[str, Any] = {}
    with reading(visit.register, visit.actor) as change:
        connection = change.connection
        run = the_run(connection, visit.actor, run_id)
        hidden = restricted(connection, visit.actor)
        lost = lost_in(change, run_id)
        counts = proposal_lists.by_status(connection, run_id, len(lost))
        closed = proposal_lists.closed_meanwhile(connection, run)
        areas = proposal_lists.areas(connection)
        bands = [(n, band.name) for n, band in enumerate(change.policy.bands, start=1)]
        try:
            reasons = as_told(connection, visit.actor, reasons_of(connection, run))
            reasons = {k: v for k, v in reasons.items() if k not in hidden}
        except (NotThereError, ConflictError):
            reasons = {}
        if left_out:
            rows, listing = _left(change.connection, listing, reasons)
        else:
            wanted = wanted_of(run_id, listing, hidden, lost)
            listing = listing.holding(proposal_lists.how_many(connection, wanted))
            rows = proposal_lists.some(
                connection, wanted, listing.sort, limit=listing.size, offset=listing.offset
            )
        opened = proposal_lists.opened_by(
            connection, visit.actor, "page_proposal", run["ended_at"] or run["requested_at"]
        )
        names = bed_names(change, [] if left_out else [row["bed_id"] for row in rows])
        instead = left_out and not is_pseudonymous(visit.actor)
        reasons, named = as_now(change, run, rows, reasons) if instead else (reasons, set())
        others = stays_instead(change, rows, reasons) if instead else {}
        before = {} if left_out else refused_before(change, rows)
        against = advised_against(connection, run, change.today)
        booked_names = {} if left_out else _booked(change, rows)
    seen = [row["id"] if left_out else row["referral_id"] for row in rows]
    visit.log({*seen, *bids_of(others), *named})
    shown: dict[str, Any] = {
        "title": "Without a bed in this plan" if left_out else "Proposals",
        "run": run,
        "rows": rows,
        "listing": listing,
        "left_out": left_out,
        "reasons": reasons,
        "others": others,
        "counts_by": counts,
        "closed": closed,
        "lost": lost,
        "areas": [(area, area) for area in areas],
        "bands": bands,
        "tiers": [(tier.value, tier.value.replace("_", " ").capitalize()) for tier in RiskTier],
        "opened": opened,
        "bed_names": names,
        "before": before,
        "against": against,
        "booked": booked_names,
        "crns": not is_pseudonymous(visit.actor),
        **more,
    }
    return visit.page("proposals.html", status, **shown)


def _booked(change: Change, rows: list[Row]) -> dict[str, str]:
    """By proposal that was changed, the bed that is booked instead."""
    changed = {row["booking_id"]: row["id"] for row in rows if row["status"] == "changed"}
    found = change.outlines("booking", ["bed_id"], BOOKINGS.c.id.in_(list(changed)))
    names = bed_names(change, [row["bed_id"] for row in found if row["bed_id"]])
    return {
        changed[row["id"]]: names[row["bed_id"]].whole for row in found if row["bed_id"] in names
    }


def _left(connection: Any, listing: Listing, reasons: dict[str, Any]) -> tuple[list[Row], Listing]:
    """Those without a bed, most urgent first, by the bids as they are now."""
    band = number_of(listing.asked.get("band", ""))
    rows = [
        dict(row)
        for row in connection.execute(
            REFERRALS.select().where(REFERRALS.c.id.in_(sorted(reasons)))
        ).mappings()
    ]
    rows = [row for row in rows if band is None or row["band"] == band]
    rows.sort(key=lambda row: (row["band"], row["release_date"], row["id"]))
    listing = listing.holding(len(rows))
    return rows[listing.offset : listing.offset + listing.size], listing


@router.post("/runs/{run_id}/proposals/chosen")
def page_confirm_several(run_id: str, visit: Visiting) -> HTMLResponse:
    """Those who were ticked, once more, before anything is booked."""
    chosen = visit.all_said("referral")
    if not chosen:
        told = {"text": "Tick the proposals that you want to accept", "href": "#proposals"}
        return _listed(visit, run_id, 422, error_summary=[told])
    return _confirm(visit, run_id, chosen)


def _confirm(
    visit: Visit, run_id: str, chosen: list[str], status: int = 200, **more: Any
) -> HTMLResponse:
    if len(chosen) > MOST_AT_ONCE:
        raise InvalidError(f"Accept at most {MOST_AT_ONCE} proposals at once.")
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        hidden = restricted(change.connection, visit.actor)
        found = [
            row
            for name in dict.fromkeys(chosen)
            if name not in hidden
            and (row := proposal_lists.one(change.connection, run_id, name)) is not None
        ]
        rows = [row for row in found if row["status"] == "proposed"]
        decided = [(row, decided_words(change, row)) for row in found if row not in rows]
        opened = proposal_lists.opened_by(
            change.connection, visit.actor, "page_proposal", run["ended_at"] or run["requested_at"]
        )
        changed = {
            row["referral_id"]: facts for row in rows if (facts := changes_since(change, run, row))
        }
        seen_through = change.register_seq
        names = bed_names(change, [row["bed_id"] for row in rows])
        before = refused_before(change, rows)
        otherwise = {
            row["referral_id"]: contradictions(change, the_bid(change, row["referral_id"]))
            for row in rows
        }
    others = [each.referral_id for said in otherwise.values() for each in said]
    visit.log([*(row["referral_id"] for row in found), *others])
    shown: dict[str, Any] = {
        "title": f"Accept {counted(len(rows), 'proposal')}?"
        if rows
        else "Nothing is to be decided",
        "decided": decided,
        "bed_names": names,
        "before": before,
        "changed_words": CHANGED,
        "run": run,
        "listing": list_of(visit, run_id),
        "rows": rows,
        "opened": opened,
        "changed": changed,
        "otherwise": otherwise,
        "late": {
            row["referral_id"]: days_too_late(row["referral"], row["arrival"], change.today)
            for row in rows
        },
        "seen_through": seen_through,
        "said": {"reason": visit.said("reason", 2_000)},
        "ticked": {name: visit.all_said(name) for name in ("unopened", "otherwise")},
        **more,
    }
    return visit.page("confirm_several.html", status, **shown)


@router.post("/runs/{run_id}/proposals/accepted")
def page_accept_several(run_id: str, visit: Visiting) -> Response:
    """Accept each of them on its own: what stands in the way of one does not stop the others."""
    chosen, unopened = visit.all_said("referral"), set(visit.all_said("unopened"))
    reason, seen = visit.said("reason", 2_000), visit.said("seen_through", 15)
    through = int(seen) if seen.isdecimal() else None
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        opened = proposal_lists.opened_by(
            change.connection, visit.actor, "page_proposal", run["ended_at"] or run["requested_at"]
        )
        rows = {row: change.find("proposal", f"{run_id}/{row}") for row in chosen[:MOST_AT_ONCE]}
        crns = _crns(change, [name for name, row in rows.items() if row])
        contradicted = [name for name in crns if contradictions(change, the_bid(change, name))]
    visit.log(sorted(crns))
    wrong = [
        {
            "text": f"Open the proposal for {crns.get(name, name)}, or tick that you accept it "
            "without having opened it",
            "href": f"#unopened-{name}",
        }
        for name in chosen
        if name not in opened and name not in unopened
    ]
    wrong += [
        {
            "text": f"Tick that you have seen what another bid of {crns[name]} says otherwise "
            "of risk",
            "href": f"#otherwise-{name}",
        }
        for name in contradicted
        if name not in visit.all_said("otherwise")
    ]
    seen_rows = [row for name, row in rows.items() if row and name in crns]
    early = [row for row in seen_rows if row["decide_by"] > change.today]
    if early and not reason:
        wrong.append(
            {"text": "Say why provisional proposals are booked before their day", "href": "#reason"}
        )
    if wrong:
        return _confirm(visit, run_id, chosen, 422, error_summary=wrong)
    decision = Decision(Action.ACCEPT, reason, seen_through=through)
    ticked = visit.all_said("otherwise")
    decisions = {
        name: replace(decision, seen_otherwise=name in ticked, unopened=name not in opened)
        for name in rows
    }
    outcomes = {name: _accepted(visit, run_id, name, decisions[name]) for name in rows}
    done = [row for name, row in rows.items() if row and outcomes[name] is None]
    if len(done) == len(outcomes):
        told = "accepted-one" if len(done) == 1 else "accepted-several"
        return visit.go(list_of(visit, run_id).address(), told, len(done))
    with reading(visit.register, visit.actor) as change:
        refused = [
            _not_accepted(change, run_id, name, decisions[name], refusal)
            for name, refusal in outcomes.items()
            if refusal is not None
        ]
        names = bed_names(change, [row["bed_id"] for row in done])
    return visit.page(
        "several_done.html",
        409,
        title=f"{len(done)} of {counted(len(outcomes), 'proposal')} accepted",
        run=run,
        listing=list_of(visit, run_id),
        done=done,
        refused=refused,
        crns=crns,
        bed_names=names,
        changed_words=CHANGED,
    )


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """A proposal that could not be accepted with others: all that stands against it, and what of
    its facts changed since somebody looked; `was`: of bids by event, field by field.

    `waits`: it can be decided still.
    """

    referral_id: str
    against: list[str]
    changed: list[dict[str, Any]]
    was: dict[int, list[str]]
    waits: bool


def _not_accepted(
    change: Change, run_id: str, referral_id: str, decision: Decision, refusal: Refusal
) -> NotAccepted:
    refusals = all_of(change, run_id, referral_id, decision, refusal)
    changed = [fact for each in refusals for fact in each.extra.get("changes", [])]
    # Told fact by fact: that something changed need not be said besides.
    others = [r for r in refusals if not r.extra.get("changes") and r.code != "decided"]
    crn = _crns(change, [referral_id]).get(referral_id)
    proposal = change.find("proposal", f"{run_id}/{referral_id}") if crn else None
    told = errors_of(change, others, {"id": referral_id, "crn": crn})
    waits = proposal is not None and proposal["status"] == "proposed"
    decided = [] if proposal is None or waits else [decided_words(change, proposal)]
    return NotAccepted(
        referral_id,
        [*decided, *(each["text"] for each in told)],
        changed,
        all_told(change, bid_changes(change, referral_id, [each["seq"] for each in changed])),
        waits,
    )


def _accepted(visit: Visit, run_id: str, referral_id: str, decision: Decision) -> Refusal | None:
    """Accept one; None, or why it could not be."""
    of_this = hashlib.sha256(f"{visit.key}/{referral_id}".encode()).hexdigest()

    def made(change: Any) -> Answer:
        proposal, _, _ = decide(change, run_id, referral_id, decision)
        return Answer(200, {"status": proposal["status"]})

    asked = {"run": run_id, "referral": referral_id, **sent_as(decision)}
    try:
        visit.register.perform(visit.actor, visit.route, of_this, asked, made)
    except (ConflictError, InvalidError, NotAllowedError, NotThereError, UnlawfulError) as refusal:
        return refusal
    return None


def _crns(change: Change, ids: Iterable[str]) -> dict[str, str]:
    """By bid, whose it is; of those that the actor may see."""
    rows = change.outlines("referral", ["crn", "restricted_to"], REFERRALS.c.id.in_(list(ids)))
    return {row["id"]: row["crn"] for row in rows if visible(row, change.actor)}

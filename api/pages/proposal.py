"""Proposal: one bed for one person: why this one, what speaks against it, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.nights import Stay
from api.pages.changed_words import all_told
from api.pages.decision_form import (
    chosen,
    decision_of,
    otherwise_field,
    over_field,
    sent_as,
    words_said,
)
from api.pages.needed import losing
from api.pages.proposal_filters import list_of, proposal_address, wanted_of
from api.pages.refusal_words import HELD, OTHERWISE, Error, errors_of
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.run_reads import Restricted
from api.routes.run_reasons import explained
from api.service import proposal_lists, referrals
from api.service.advising import advised_against
from api.service.bed_names import bed_names
from api.service.bid_changes import bid_changes
from api.service.change import Change
from api.service.contradictions import contradictions
from api.service.costs import costs_of
from api.service.decisions import (
    Action,
    Decision,
    changes_since,
    decide,
    foreseen,
    wanted_bed,
)
from api.service.holds import met
from api.service.late_arrivals import days_too_late
from api.service.next_best import next_best
from api.service.plan_needs import lost_in, plan_needs
from api.service.refusals import (
    BusyError,
    ConflictError,
    InvalidError,
    NotThereError,
    Refusal,
    UnlawfulError,
)
from api.service.refused_before import refused_before
from api.service.register import Answer
from api.service.seeing import is_pseudonymous, restricted, the_run, without_crns
from api.service.situations import SITUATIONS
from api.service.what_became import booked, overtaken
from api.store.records import referral
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
TAKEN = ("bed-taken", "bed-out-of-service", "night-taken", "held")
ANSWERED = (
    *("changed-since", "provisional", "after-latest-arrival", "risk-contradicted", "held"),
    "not-yet",
)
"""Refusals after which the same can be sent again, with an answer to them."""
CHANGED = {
    "referral": "What is known of the person, or what is asked for, was changed",
    "bed": "The bed was changed",
    "room": "The room was changed",
    "premises": "The premises were changed",
}
"""By kind of record, what is said of a proposal whose facts are not what they were."""
NO_SUCH_BED = {
    "text": "The bed is not in the register any more, and nothing was booked. Choose another",
    "href": "#decide",
}
DECIDED = "decided"
"""The refusal of what somebody else decided meanwhile."""
DONE = {Action.ACCEPT: "accepted", Action.CHANGE: "changed", Action.REFUSE: "refused"}


@router.get("/runs/{run_id}/proposals/{referral_id}")
def page_proposal(run_id: str, referral_id: str, visit: Visiting) -> HTMLResponse:
    """One proposal."""
    return _shown(visit, run_id, referral_id)


@router.post("/runs/{run_id}/proposals/{referral_id}")
def page_decide(run_id: str, referral_id: str, visit: Visiting) -> Response:
    """Accept, change or refuse it. A change is told what it costs before it is booked."""
    decision: Decision | None = None
    try:
        decision, wrong = decision_of(visit)
        if wrong:
            return _shown(visit, run_id, referral_id, 422, error_summary=wrong)
        if decision.action is Action.CHANGE and not visit.said("confirmed"):
            return _checked(visit, run_id, referral_id, decision)

        def made(change: Change) -> Answer:
            proposal, _, costs = decide(change, run_id, referral_id, decision)
            return Answer(200, {"status": proposal["status"], "costs": costs})

        visit.once(sent_as(decision), made)
    except (ConflictError, InvalidError, UnlawfulError) as refusal:
        return _refused(visit, run_id, referral_id, decision, refusal)
    except NotThereError:
        if decision is None or not _bed_is_gone(visit, run_id, referral_id, decision):
            raise
        return _shown(visit, run_id, referral_id, 409, error_summary=[NO_SUCH_BED])
    told = "refused-for-good" if decision.keep_out else DONE[decision.action]
    return visit.go(proposal_address(visit, run_id, referral_id), told)


def _bed_is_gone(visit: Visit, run_id: str, referral_id: str, decision: Decision) -> bool:
    """Whether the bed that the decision would book is in the register no more."""
    with reading(visit.register, visit.actor) as change:
        proposal = change.find("proposal", f"{run_id}/{referral_id}")
        if proposal is None:
            return False
        return change.find("bed", wanted_bed(proposal, decision)[0]) is None


def _checked(visit: Visit, run_id: str, referral_id: str, decision: Decision) -> HTMLResponse:
    """What a change would be refused for; or, where nothing stands against it, what it means."""
    with reading(visit.register, visit.actor) as change:
        proposal = change.row("proposal", f"{run_id}/{referral_id}")
        bid = referrals.the_bid(change, referral_id)
        bed_id, stay = wanted_bed(proposal, decision)
        bed = change.find("bed", bed_id)
        if bed is None:
            wrong, status = [{"text": f"There is no bed {bed_id}", "href": "#bed_id"}], 422
        else:
            about = foreseen(change, run_id, referral_id, decision)
            wrong = _at_form(errors_of(change, about.objections, bid, "#bed_id"), decision)
            status = 409 if any(isinstance(o, ConflictError) for o in about.objections) else 422
        if bed is not None and not wrong:
            needs = plan_needs(change, PREMISES.c.id == bed["premises_id"])
            others = losing(change, {bed_id: needs.losing(bed_id, stay, referral_id)})[bed_id]
            wanted = {**proposal, "bed_id": bed_id, "premises_id": bed["premises_id"], "id": ""}
            shown: dict[str, Any] = {
                "bid": bid,
                "bed": bed_names(change, [bed_id])[bed_id],
                "bed_id": bed_id,
                "costs": costs_of(change, referral(bid), proposal, bed_id, stay),
                "latest_arrival": referral(bid).latest_arrival,
                "late": days_too_late(referral(bid), stay.arrival, change.today),
                "others": others,
                "moved": len(about.moved),
                "holds": about.uses,
                "before": refused_before(change, [wanted]).get(""),
            }
    if wrong:
        return _shown(visit, run_id, referral_id, status, error_summary=wrong)
    visit.log([referral_id, *(each.proposal["referral_id"] for each in others)])
    return visit.page(
        "check_change.html",
        title="Check the change before the bed is booked",
        run_id=run_id,
        referral_id=referral_id,
        stay=stay,
        said=words_said(visit),
        address=proposal_address(visit, run_id, referral_id),
        passed_over=decision.override_hold,
        **shown,
    )


def _refused(
    visit: Visit, run_id: str, referral_id: str, decision: Decision | None, refusal: Refusal
) -> HTMLResponse:
    """The page again, with all that stands in the way and, where a bed was taken, the next best."""
    more: dict[str, Any] = {}
    with reading(visit.register, visit.actor) as change:
        bid = referrals.the_bid(change, referral_id)
        proposal = change.row("proposal", f"{run_id}/{referral_id}")
        refusals = all_of(change, run_id, referral_id, decision, refusal)
        wrong = _at_form(errors_of(change, refusals, bid), decision)
        # A change that cannot be made says nothing against the bed that is proposed.
        accepting = decision is not None and decision.action is Action.ACCEPT
        stopped = {each.code for each in refusals if accepting or each.code == DECIDED}
        more["stopped"] = bool(stopped - set(ANSWERED))
        if any(each.code in TAKEN for each in refusals):
            stay = wanted_bed(proposal, Decision(Action.ACCEPT))[1]
            found = next_best(change, referral_id, stay)
            names = bed_names(change, [found["bed_id"]] if found else [])
            more["instead"] = found and {**found, "name": names[found["bed_id"]].whole}
    status = 409 if isinstance(refusal, ConflictError) else 422
    return _shown(visit, run_id, referral_id, status, error_summary=wrong, **more)


def _at_form(wrong: list[Error], decision: Decision | None) -> list[Error]:
    """The same; what each decision has a field of its own for is asked where the decision is."""
    there: Mapping[str, str] = dict.fromkeys((HELD, OTHERWISE), "#decide")
    if decision is not None:
        action = decision.action
        there = {HELD: f"#{over_field(action)}", OTHERWISE: f"#{otherwise_field(action)}"}
    return [{**each, "href": there.get(each["href"], each["href"])} for each in wrong]


def all_of(
    change: Change, run_id: str, referral_id: str, decision: Decision | None, refusal: Refusal
) -> list[Refusal]:
    """All that the decision is refused for; the refusal alone, where nothing else can be asked."""
    if decision is None or decision.action is Action.REFUSE:
        return [refusal]
    try:
        return foreseen(change, run_id, referral_id, decision).objections or [refusal]
    except Refusal:
        return [refusal]


def _shown(
    visit: Visit, run_id: str, referral_id: str, status: int = 200, **more: Any
) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        run = the_run(change.connection, visit.actor, run_id)
        if referral_id in restricted(change.connection, visit.actor):
            # Before it is looked for: whether there is one must not tell who has a bed.
            return visit.page(
                "restricted.html",
                title="Restricted",
                person=Restricted(referral_id=referral_id),
                run=run,
            )
        row = proposal_lists.one(change.connection, run_id, referral_id)
        if row is None:
            raise NotThereError(f"this run proposes nothing for referral {referral_id}")
        bid = change.row("referral", referral_id)
        changed = changes_since(change, run, row)
        changes = bid_changes(change, referral_id, [each["seq"] for each in changed])
        was = all_told(change, changes)
        then = next(iter(changes.values())).before if changes else row["referral"]
        seen_through = change.register_seq
        band_then, band_now = (_band(change, each["band"]) for each in (row, bid))
        crns = not is_pseudonymous(visit.actor)
        before = refused_before(change, [row]).get(row["id"])
        said = words_said(visit) or chosen(visit, row)
        otherwise = contradictions(change, bid) if crns else []
        holds = _holds(change, row, row["bed_id"])
        holds_there = _holds(change, row, said.get("bed_id", ""))
        made, later = booked(change, row), overtaken(change, row)
        against = advised_against(change.connection, run, change.today).get(referral_id)
        gone = lost_in(change, run_id)
        lost = row["id"] in gone
        in_the_way = _in_the_way(visit, change, row) if lost and not more else []
        listing = list_of(visit, run_id)
        following, left = proposal_lists.next_to_decide(
            change.connection,
            wanted_of(
                run_id,
                listing,
                restricted(change.connection, visit.actor),
                gone,
            ),
            listing.sort,
            referral_id,
        )
    visit.log([referral_id, *(each.referral_id for each in otherwise)])
    why = _why(visit, run, referral_id)
    better = ((why or {}).get("next_best") or {}).get("bed_id", "")
    with reading(visit.register, visit.actor) as change:
        beds = [row["bed_id"], said.get("bed_id", ""), better]
        beds += [made.bed_id, made.now["bed_id"] or ""] if made else []
        beds += [later.again["bed_id"]] if later and later.again else []
        names = bed_names(change, beds)
    shown: dict[str, Any] = {
        "title": f"Proposal for {row['crn'] if crns else referral_id}",
        "run": run,
        "p": row,
        "bid": bid,
        "band_then": band_then,
        "band_now": band_now,
        "then": then,
        "miles_then": None if then is None else proposal_lists.miles_of(row, then),
        "changed": changed if row["status"] == "proposed" else [],
        "was": was if not is_pseudonymous(visit.actor) else {},
        "changed_words": CHANGED,
        "seen_through": seen_through,
        "why": why if crns else without_crns(why),
        "crns": crns,
        "firm": row["decide_by"] <= visit.register.clock.today(),
        "late": days_too_late(row["referral"], row["arrival"], visit.register.clock.today()),
        "instead": None,
        "stopped": False,
        "possible": _possible(row, visit.register.clock.today()),
        "before": before,
        "against": against if row["status"] == "proposed" else None,
        "otherwise": otherwise,
        "holds": holds,
        "holds_there": holds_there,
        "made": made,
        "later": later,
        "lost": lost,
        "in_the_way": in_the_way,
        "listing": listing,
        "following": following,
        "left": left,
        "bed_names": names,
        "said": said,
        "wrong": {each["href"][1:]: each["text"] for each in more.get("error_summary", [])},
        **more,
    }
    return visit.page("proposal.html", status, **shown)


def _band(change: Change, number: int) -> str:
    """A band by its number and name; of the last, where the policy has fewer by now."""
    bands = change.policy.bands
    return f"{number}: {bands[min(number, len(bands)) - 1].name}"


def _holds(change: Change, proposal: Row, bed_id: str) -> list[Row]:
    """Holds that keep the person from the bed, on the nights that are proposed."""
    if proposal["status"] != "proposed" or not bed_id:
        return []
    stay = Stay(proposal["arrival"], proposal["departure"])
    return met(change, bed_id, stay, change.policy.known_band(proposal["referral"]))[1]


def _possible(proposal: Row, today: date) -> Stay:
    """The stay that is proposed; begun later, where it could not begin on its day any more."""
    stay = Stay(proposal["arrival"], proposal["departure"])
    return Stay.of(max(stay.arrival, today, proposal["release_date"]), stay.nights)


def _in_the_way(visit: Visit, change: Change, proposal: Row) -> list[Error]:
    """Why a proposal that is lost could not be accepted now."""
    if not visit.may("page_decide"):
        return []
    accepting = Decision(Action.ACCEPT, "-", seen_through=change.register_seq)
    about = foreseen(change, proposal["run_id"], proposal["referral_id"], accepting)
    bid = change.row("referral", proposal["referral_id"])
    return errors_of(change, [each for each in about.objections if each.code != "held"], bid)


def _why(visit: Visit, run: Row, referral_id: str) -> dict[str, Any] | None:
    """Why this bed; None where the plan has been erased, or others ask for too long."""
    try:
        with SITUATIONS.of(visit.register, run) as situation:
            return explained(referral_id, situation)
    except (BusyError, ConflictError, NotThereError):
        return None

"""Decisions: what people made of proposals and of holds, in figures and one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.export.table import Cell
from api.access.actor import Role
from api.pages.at_fields import Summary, at, messages
from api.pages.days import days_asked
from api.pages.listing import Listing
from api.pages.taking_away import MOST_ROWS, require_few, taken_away
from api.pages.visit import Visit, Visiting
from api.pages.words import PROPOSAL_STATUSES, moment_in_file
from api.routes.asking import reading
from api.routes.decision_report import LONGEST_DAYS, USUAL_DAYS, DecisionReport, decision_report
from api.routes.holds import hold_figures
from api.service import decided_list
from api.service.bed_names import BedNamed, bed_names
from api.service.decided_list import Decided
from api.service.decision_report import By
from api.service.plan_needs import plan_needs
from api.service.proposal_lists import LOST
from api.service.refusals import InvalidError
from api.service.seeing import restricted
from api.service.what_became import Booked, booked_of
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
GROUPS = {"band": "Band", "month": "Month", "person": "Who decided", "premises": "Premises"}
BECAME = ("accepted", "changed", "refused", "proposed", LOST, "superseded")
"""Statuses in the order of the columns of the report."""
FILTERS = ("from", "to", "by", "group", "status")
_HEADINGS = ("group", "accepted", "changed", "refused", "to_decide", "lost", "overtaken")
_SHARES = ("accepted_share", "changed_share", "refused_share", "undecided_share")
_HOURS = ("median_hours", "p90_hours")
_LISTED = ("referral_id", "crn", "band", "premises", "arrival", "became", "by", "at", "reason")
_BOOKED = ("booked_bed", "booked_arrival", "booked_departure")


@router.get("/oversight/decisions")
def page_decision_report(visit: Visiting) -> HTMLResponse:
    """How many proposals were accepted, changed or refused, how soon, and holds passed over."""
    by = _by(visit)
    first, last, wrong = _days(visit)
    shown: dict[str, Any] = {"told_of": None, "held": None, "names": {}}
    if not wrong:
        told = decision_report(visit.register, visit.actor, first, last, by)
        held = hold_figures(visit.register, visit.actor, first, last)
        shown = {"told_of": told, "held": held, "names": _names(visit, told)}
    asked = {name: visit.request.query_params.get(name, "") for name in ("from", "to")}
    usual = {"from": f"{first}", "to": f"{last}"}
    return visit.page(
        "decisions.html",
        422 if wrong else 200,
        title="What was decided",
        by=by,
        groups=[(k, v) for k, v in GROUPS.items() if k != "person" or _may_name(visit)],
        group_word=GROUPS[by],
        statuses_of=BECAME,
        listing=Listing.of(visit, ("group",), "group", FILTERS[:3]),
        asked={name: value or usual[name] for name, value in asked.items()},
        errors=messages(wrong),
        error_summary=wrong,
        **shown,
    )


@router.get("/oversight/decisions.csv")
def page_decision_report_file(visit: Visiting) -> Response:
    """The figures as a file."""
    first, last = _days_or_refuse(visit)
    told = decision_report(visit.register, visit.actor, first, last, _by(visit))
    names = _names(visit, told)
    lines = [("all", told.everything)]
    lines += [(names.get(each.group, each.group), each.figures) for each in told.groups]
    rows = [
        (
            *(name, of.accepted, of.changed, of.refused, of.undecided, of.lost, of.overtaken),
            *(getattr(of, each) for each in (*_SHARES, *_HOURS)),
        )
        for name, of in lines
    ]
    return taken_away(visit, "what-was-decided", (*_HEADINGS, *_SHARES, *_HOURS), rows)


@router.get("/oversight/decisions/listed")
def page_decided(visit: Visiting) -> HTMLResponse:
    """The proposals that a figure counts: whose, what became of each, by whom, when and why."""
    listing, wanted = _listed(visit)
    with reading(visit.register, visit.actor) as change:
        connection = change.connection
        listing = listing.holding(decided_list.how_many(connection, wanted))
        everyone = decided_list.how_many(connection, replace(wanted, hidden=()))
        rows = decided_list.some(
            connection, wanted, listing.sort, limit=listing.size, offset=listing.offset
        )
        name = wanted.group
        if wanted.by == "premises" and (found := change.find("premises", wanted.group)):
            name = found["name"]
    visit.log([row["referral_id"] for row in rows])
    return visit.page(
        "decided.html",
        title="Proposals, and what was decided",
        listing=listing,
        rows=rows,
        lost=wanted.lost,
        unseen=everyone - listing.total,
        wanted=wanted,
        group_word=GROUPS[wanted.by],
        group=name,
        choices=[(each, PROPOSAL_STATUSES[each][0]) for each in BECAME],
    )


@router.get("/oversight/decisions/listed.csv")
def page_decided_file(visit: Visiting) -> Response:
    """The same as a file."""
    listing, wanted = _listed(visit)
    with reading(visit.register, visit.actor) as change:
        require_few(decided_list.how_many(change.connection, wanted))
        rows = decided_list.some(change.connection, wanted, listing.sort, limit=MOST_ROWS, offset=0)
        made = booked_of(change, rows)
        names = bed_names(change, {each.bed_id for each in made.values()})
    told = [(*_told(row, wanted.lost), *_booked(made.get(row["id"]), names)) for row in rows]
    return taken_away(
        visit, "decisions", (*_LISTED, *_BOOKED), told, {row["referral_id"] for row in rows}
    )


def _told(row: Row, lost: Collection[str]) -> tuple[str | int | date | None, ...]:
    status = LOST if row["id"] in lost else row["status"]
    return (
        *(row["referral_id"], row["crn"], row["band"], row["premises_name"]),
        *(row["arrival"], PROPOSAL_STATUSES[status][0], row["decided_by"]),
        None if row["decided_at"] is None else moment_in_file(row["decided_at"]),
        row["reason"],
    )


def _booked(made: Booked | None, names: Mapping[str, BedNamed]) -> tuple[Cell, ...]:
    """What was booked for a proposal that was accepted, or in place of one that was changed."""
    if made is None:
        return (None,) * len(_BOOKED)
    bed = names[made.bed_id].whole if made.bed_id in names else made.bed_id
    return (bed, made.arrival, made.departure)


def _listed(visit: Visit) -> tuple[Listing, Decided]:
    listing = Listing.of(visit, decided_list.ORDERS, "-decided", FILTERS)
    by, group, status = _by(visit), visit.asked("group"), visit.asked("status")
    if by == "person" and group:
        # Addresses are written to logs, and name nobody.
        raise InvalidError("Proposals are not listed by colleague: sort them by who decided.")
    if status and status not in BECAME:
        raise InvalidError(f"What became of a proposal is one of {', '.join(BECAME)}.")
    first, last = _days_or_refuse(visit)
    with reading(visit.register, visit.actor) as change:
        hidden = restricted(change.connection, visit.actor)
        lost = plan_needs(change).lost_ids
    return listing, Decided(first, last, status, by, group, hidden, lost)


def _by(visit: Visit) -> By:
    by: Any = visit.asked("by") or "band"
    if by not in get_args(By):
        raise InvalidError(f"Groups are by {', '.join(GROUPS)}.")
    return by  # type: ignore[no-any-return]


def _may_name(visit: Visit) -> bool:
    return Role.MANAGER in visit.actor.roles


def _days(visit: Visit) -> tuple[date, date, Summary]:
    """From when to when plans ended, the last days unless asked; and what is wrong with that."""
    (first, last), wrong = days_asked(visit)
    end = last or visit.register.clock.today()
    begin = first or end - timedelta(days=USUAL_DAYS)
    if not wrong and end < begin:
        wrong = at("from", "The day of “from” must not be after today")
    if not wrong and end - begin > timedelta(days=LONGEST_DAYS):
        wrong = at("from", f"Choose at most {LONGEST_DAYS} days")
    return begin, end, wrong


def _days_or_refuse(visit: Visit) -> tuple[date, date]:
    first, last, wrong = _days(visit)
    if wrong:
        raise InvalidError(wrong[0]["text"])
    return first, last


def _names(visit: Visit, told: DecisionReport) -> Mapping[str, str]:
    """By group, what it is called, where that is not its id."""
    if told.by != "premises":
        return {}
    with reading(visit.register, visit.actor) as change:
        ids = [each.group for each in told.groups]
        rows = change.outlines("premises", ["name"], PREMISES.c.id.in_(ids))
    return {row["id"]: row["name"] for row in rows}

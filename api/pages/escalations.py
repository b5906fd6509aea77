"""Escalations: bids that somebody must say they know of, and bids that nobody has in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import desc

from allocator.geography.regions import REGIONS
from api.pages.listing import Listing
from api.pages.proposal_filters import number_of
from api.pages.tabs import OVERSIGHT, first_of
from api.pages.taking_away import MOST_ROWS, require_few, taken_away
from api.pages.visit import Visit, Visiting, go
from api.pages.words import moment_in_file, plainly, sentence
from api.routes.asking import reading
from api.routes.bids import bids_shown
from api.service import owners, referrals
from api.service.bid_filters import of_owner, of_region
from api.service.change import Change
from api.service.escalation import acknowledge, on_the_ladder
from api.service.lists import Orders, counted, cut, in_order
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
)
from api.service.register import Answer
from api.service.seeing import restricted
from api.service.unowned import unowned
from api.store.tables import REFERRALS
from api.store.values import Row
from api.wire.shown import ReferralShown

router = APIRouter()
_R = REFERRALS.c
_KNOWN = _R.rung_acknowledged_by.is_not(None)
"""Whether somebody acknowledged the bid at the rung where it is."""
ORDERS: Orders = {
    "rung": (_KNOWN, desc(_R.rung), _R.rung_due, _R.band, _R.release_date),
    "due": (_R.rung_due, _R.band),
    "band": (_R.band, _R.release_date),
    "release_date": (_R.release_date, _R.band),
}
FILTERS = ("role", "acknowledged", "band", "region", "owner")
HEADINGS = (
    *("bid", "crn", "band", "release_date", "tier"),
    *("escalated_to", "acknowledge_by", "acknowledged_by", "owner"),
)
MOST_AT_ONCE = 50


@router.get("/oversight")
def page_oversight(visit: Visiting) -> Response:
    """On to the first page of the section that this person may see."""
    return go(first_of(OVERSIGHT, visit.may))


@router.get("/oversight/escalations")
def page_escalations(visit: Visiting) -> HTMLResponse:
    """Every bid on the ladder: those that nobody has acknowledged, then the highest rung first."""
    return _escalations(visit)


@router.post("/oversight/escalations")
def page_acknowledge_several(visit: Visiting) -> Response:
    """A named person knows of each of these at its rung."""
    return _several(
        visit, "/oversight/escalations", "acknowledged-several", acknowledge, _escalations
    )


@router.get("/oversight/unowned")
def page_unowned(visit: Visiting) -> HTMLResponse:
    """Bids that nobody owns, or whose owner has not said that they have them."""
    return _unowned(visit)


@router.post("/oversight/unowned")
def page_take_several(visit: Visiting) -> Response:
    """Whoever is here has these bids from now on."""

    def take(change: Change, row: Row) -> Row:
        owners.require_seen(change, row["id"], visit.said(f"owner_seen-{row['id']}", 200))
        return referrals.set_owner(change, row["id"], change.actor.id, change.actor.name)

    return _several(visit, "/oversight/unowned", "taken-several", take, _unowned)


def _several(
    visit: Visit,
    path: str,
    told: str,
    do: Callable[[Change, Row], Row],
    again: Callable[..., HTMLResponse],
) -> Response:
    """Do it for each bid that was ticked; those for which it cannot be done are said."""
    ids = sorted(set(visit.all_said("bid")))
    if not ids or len(ids) > MOST_AT_ONCE:
        text = "Tick at least one bid" if not ids else f"Tick at most {MOST_AT_ONCE} bids"
        return again(visit, 422, error_summary=[{"text": text, "href": "#bids"}])

    def each(change: Change) -> Answer:
        left = []
        for identifier in ids:
            try:
                do(change, referrals.the_bid(change, identifier))
            except (ConflictError, NotAllowedError, NotThereError) as refusal:
                # Refused before anything of this bid was written.
                left.append([identifier, plainly(refusal.detail)])
        return Answer(200, {"left": left, "done": len(ids) - len(left)})

    body = visit.once({"bids": ids}, each).body
    if not body["left"]:
        return visit.go(path, told)
    wrong = [{"text": f"{identifier}: {why}", "href": "#bids"} for identifier, why in body["left"]]
    return again(visit, 409, error_summary=wrong, done=body["done"])


def _escalations(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        listing, conditions = _ladder(visit, change)
        listing = listing.holding(counted(change.connection, "referral", conditions))
        bids = _bids(change, listing, conditions)
        rungs = _rungs(change)
        bands = [(n, band.name) for n, band in enumerate(change.policy.bands, start=1)]
    visit.log([bid.id for bid in bids])
    shown: dict[str, Any] = {
        "title": "To acknowledge",
        "listing": listing,
        "bids": bids,
        "roles": [(each, sentence(each)) for each in dict.fromkeys(role for _, role in rungs)],
        "bands": bands,
        "regions": [(each.name, each.name) for each in REGIONS],
        "done": 0,
        **more,
    }
    return visit.page("escalations.html", status, **shown)


@router.get("/oversight/escalations.csv")
def page_escalations_file(visit: Visiting) -> Response:
    """The same as a file; of bids that the reader may not see, where they stand alone."""
    with reading(visit.register, visit.actor) as change:
        listing, conditions = _ladder(visit, change)
        require_few(counted(change.connection, "referral", conditions))
        bids = _bids(change, replace(listing, number=1, size=MOST_ROWS), conditions)
    return taken_away(visit, "to-acknowledge", HEADINGS, map(_told, bids), [bid.id for bid in bids])


def _told(bid: ReferralShown) -> tuple[str | int | date | None, ...]:
    rung, details = bid.escalation, bid.details
    return (
        *(bid.id, None if details is None else details.crn, bid.band, bid.release_date),
        None if details is None or details.tier is None else details.tier.value,
        None if rung is None else rung.role,
        None if rung is None else moment_in_file(rung.due),
        None if rung is None else rung.acknowledged_by,
        bid.owner_name,
    )


def _ladder(visit: Visit, change: Change) -> tuple[Listing, list[Any]]:
    """The list that the address asks for, and which bids are in it."""
    listing = Listing.of(visit, ORDERS, "rung", FILTERS)
    asked, conditions = listing.asked, [on_the_ladder(change.today)]
    if "role" in asked:
        conditions.append(_of_role(asked["role"], _rungs(change)))
    if "band" in asked:
        conditions.append(_R.band == number_of(asked["band"]))
    conditions += _acknowledged(asked.get("acknowledged"))
    private = [of_owner(asked["owner"], visit.actor)] if "owner" in asked else []
    private += [of_region(asked["region"])] if "region" in asked else []
    if private:
        # To be in the list would tell what is not shown of a restricted bid.
        hidden = sorted(restricted(change.connection, visit.actor))
        conditions += [*private, _R.id.not_in(hidden)]
    return listing, conditions


def _rungs(change: Change) -> list[tuple[int, str]]:
    return list(enumerate(rung.role for rung in change.policy.escalation))


def _of_role(role: str, rungs: list[tuple[int, str]]) -> Any:
    numbers = [number for number, each in rungs if each == role]
    if not numbers:
        raise InvalidError(f"The role is one of {', '.join(dict(rungs).values())}.")
    found = _R.rung.in_(numbers)
    # A longer ladder may have had rungs above the last there is.
    top = len(rungs) - 1
    return found | (_R.rung > top) if top in numbers else found


def _acknowledged(said: str | None) -> list[Any]:
    if said is None:
        return []
    if said not in ("yes", "no"):
        raise InvalidError("Acknowledged is yes or no.")
    return [_KNOWN if said == "yes" else ~_KNOWN]


def _unowned(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    listing = Listing.of(visit, ORDERS, "band", ())
    with reading(visit.register, visit.actor) as change:
        conditions = unowned(change)
        listing = listing.holding(counted(change.connection, "referral", conditions))
        bids = _bids(change, listing, conditions)
    visit.log([bid.id for bid in bids])
    shown: dict[str, Any] = {
        "title": "Nobody has them",
        "listing": listing,
        "bids": bids,
        "done": 0,
        **more,
    }
    return visit.page("unowned.html", status, **shown)


def _bids(change: Change, listing: Listing, conditions: list[Any]) -> list[ReferralShown]:
    order = in_order(ORDERS, listing.sort)
    if listing.sort == "-rung":
        order = [_KNOWN, _R.rung, _R.rung_due]
    rows = cut(
        change.connection,
        "referral",
        conditions,
        order,
        limit=listing.size,
        offset=listing.offset,
    )
    return bids_shown(change, rows)

"""Escalations: bids that somebody must say they know of, and bids that nobody has in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import desc

from api.pages.listing import Listing
from api.pages.tabs import OVERSIGHT, first_of
from api.pages.visit import Visit, Visiting, go
from api.pages.words import plainly, sentence
from api.routes.asking import reading
from api.routes.bids import bids_shown
from api.service import owners, referrals
from api.service.change import Change
from api.service.escalation import acknowledge, on_the_ladder
from api.service.ladder import rung_at
from api.service.lists import Orders, counted, cut
from api.service.refusals import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotThereError,
)
from api.service.register import Answer
from api.service.unowned import unowned
from api.store.tables import REFERRALS
from api.store.values import Row

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
    listing = Listing.of(visit, ORDERS, "rung", ("role", "acknowledged"))
    with reading(visit.register, visit.actor) as change:
        rungs = list(enumerate(rung.role for rung in change.policy.escalation))
        roles = list(dict.fromkeys(role for _, role in rungs))
        conditions = [on_the_ladder(change.today)]
        role = listing.asked.get("role")
        if role is not None:
            if role not in roles:
                raise InvalidError(f"The role is one of {', '.join(roles)}.")
            numbers = [number for number, each in rungs if each == role]
            found = _R.rung.in_(numbers)
            # A longer ladder may have had rungs above the last there is.
            top = len(rungs) - 1
            conditions.append(found | (_R.rung > top) if top in numbers else found)
        conditions += _acknowledged(listing.asked.get("acknowledged"))
        listing, bids = _page(change, listing, conditions)
        names = {number: rung_at(change.policy, number).role for number, _ in rungs}
    visit.log([bid.id for bid in bids])
    shown: dict[str, Any] = {
        "title": "To acknowledge",
        "listing": listing,
        "bids": bids,
        "roles": [(each, sentence(each)) for each in roles],
        "names": names,
        "done": 0,
        **more,
    }
    return visit.page("escalations.html", status, **shown)


def _acknowledged(said: str | None) -> list[Any]:
    if said is None:
        return []
    if said not in ("yes", "no"):
        raise InvalidError("Acknowledged is yes or no.")
    return [_KNOWN if said == "yes" else ~_KNOWN]


def _unowned(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    listing = Listing.of(visit, ORDERS, "band", ())
    with reading(visit.register, visit.actor) as change:
        listing, bids = _page(change, listing, unowned(change))
    visit.log([bid.id for bid in bids])
    shown: dict[str, Any] = {
        "title": "Nobody has them",
        "listing": listing,
        "bids": bids,
        "done": 0,
        **more,
    }
    return visit.page("unowned.html", status, **shown)


def _page(change: Change, listing: Listing, conditions: list[Any]) -> tuple[Listing, list[Any]]:
    listing = listing.holding(counted(change.connection, "referral", conditions))
    order = ORDERS[listing.sort.removeprefix("-")]
    turned = listing.sort.startswith("-")
    if listing.sort == "-rung":
        order, turned = (_KNOWN, _R.rung, _R.rung_due), False
    rows = cut(
        change.connection,
        "referral",
        conditions,
        order,
        turned=turned,
        limit=listing.size,
        offset=listing.offset,
    )
    return listing, bids_shown(change, rows)

"""Proposal filters: what the list of a plan's proposals is narrowed by."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from api.pages.listing import Listing
from api.pages.visit import Visit
from api.service.proposal_lists import ORDERS, Wanted
from api.service.refusals import InvalidError

FILTERS = ("band", "status", "area", "tier", "ap_type", "show")


def list_of(visit: Visit, run_id: str) -> Listing:
    """The list, as its own address has it, or that of a page that somebody came to from it."""
    return Listing.of(visit, ORDERS, "band", FILTERS, f"/runs/{run_id}/proposals")


def proposal_address(visit: Visit, run_id: str, referral_id: str) -> str:
    """Of a proposal, with the list that it leads back to."""
    query = list_of(visit, run_id).query
    here = f"/runs/{run_id}/proposals/{quote(referral_id, safe='')}"
    return f"{here}?{query}" if query else here


def wanted_of(
    run_id: str, listing: Listing, hidden: Collection[str], lost: Collection[str]
) -> Wanted:
    """Which proposals these are. `hidden`: of whom nothing may be told. `lost`: those that cannot
    be accepted any more."""
    asked = listing.asked
    return Wanted(
        run_id,
        band=number_of(asked.get("band", "")),
        status=asked.get("status", ""),
        area=asked.get("area", ""),
        tier=asked.get("tier", ""),
        ap_type=asked.get("ap_type", ""),
        hidden=hidden,
        lost=lost,
    )


def number_of(text: str) -> int | None:
    """A band in the address; none: all of them. Raises InvalidError for what is no number."""
    if text and not (text.isdecimal() and len(text) < 3):
        raise InvalidError("A number in the address of this page has at most two digits.")
    return int(text) if text else None

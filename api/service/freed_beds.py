"""Freed beds: which were freed that could serve an open bid, since a plan last looked at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.wanted import BED_FREED
from api.store.tables import FLAGS
from api.store.values import Row


def freed_beds(change: Change, bids: Collection[str]) -> dict[str, list[str]]:
    """By bid, what pages call them, in that order; of beds that there still are."""
    flags = _freed(change, bids)
    names = bed_names(change, {flag["about"] for flag in flags})
    found: dict[str, set[str]] = defaultdict(set)
    for flag in flags:
        if flag["about"] in names:
            found[flag["referral_id"]].add(names[flag["about"]].whole)
    return {bid: sorted(beds) for bid, beds in found.items()}


def _freed(change: Change, bids: Collection[str]) -> list[Row]:
    theirs = FLAGS.c.referral_id.in_(sorted(bids)), FLAGS.c.why == BED_FREED, ~FLAGS.c.cleared
    return change.outlines("flag", ("referral_id", "about"), *theirs)

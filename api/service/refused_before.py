"""Refused before: proposals of premises that somebody refused for the same person already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from api.service.change import Change
from api.service.referrals import visible
from api.store.tables import PROPOSALS, REFERRALS
from api.store.values import Row


def refused_before(change: Change, proposals: Iterable[Row]) -> dict[str, Row]:
    """By proposal, the last refusal of its bed for this person, or else of its premises.

    Bids that the actor may not see count for nothing: what was refused for them is not told.
    """
    asked = list(proposals)
    crns = _crns(change, {row["referral_id"] for row in asked})
    bids = change.outlines(
        "referral", ["crn", "restricted_to"], REFERRALS.c.crn.in_(sorted(set(crns.values())))
    )
    of_bid = {row["id"]: row["crn"] for row in bids if visible(row, change.actor)}
    refused: dict[tuple[str, str], list[Row]] = defaultdict(list)
    conditions = (PROPOSALS.c.status == "refused", PROPOSALS.c.referral_id.in_(sorted(of_bid)))
    for row in change.rows("proposal", *conditions):
        refused[of_bid[row["referral_id"]], row["premises_id"]].append(row)
    found = {}
    for row in asked:
        crn = crns.get(row["referral_id"], "")
        before = [r for r in refused[crn, row["premises_id"]] if r["id"] != row["id"]]
        if before:
            found[row["id"]] = max(
                before, key=lambda r: (r["bed_id"] == row["bed_id"], r["decided_at"], r["id"])
            )
    return found


def _crns(change: Change, ids: set[str]) -> dict[str, str]:
    """By bid, whose it is; of those that the actor may see."""
    rows = change.outlines("referral", ["crn", "restricted_to"], REFERRALS.c.id.in_(sorted(ids)))
    return {row["id"]: row["crn"] for row in rows if visible(row, change.actor)}

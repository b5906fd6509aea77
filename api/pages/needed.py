"""Needed: whose proposals rest on a bed that somebody might choose, as the pages name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.service.change import Change
from api.store.tables import REFERRALS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Losing:
    """A proposal that could not be accepted, were the bed booked for somebody else.

    `directly`: it is of this bed; else somebody is to move into it to make room.
    """

    proposal: Row
    crn: str
    directly: bool


def losing(change: Change, loses: Mapping[str, Iterable[Row]]) -> dict[str, list[Losing]]:
    """By bed, those who would lose theirs: whoever would lose this very bed first."""
    ids = {row["referral_id"] for rows in loses.values() for row in rows}
    told: list[Any] = change.outlines("referral", ["crn"], REFERRALS.c.id.in_(sorted(ids)))
    crns = {row["id"]: row["crn"] for row in told}
    found = {}
    for bed_id, rows in loses.items():
        each = [Losing(row, crns[row["referral_id"]], row["bed_id"] == bed_id) for row in rows]
        found[bed_id] = sorted(each, key=lambda one: not one.directly)
    return found

"""Waiting proposals: those that nobody has decided, of people whom the actor may know of."""

from __future__ import annotations

from typing import Any

from allocator.nights import Stay
from api.service.change import Change
from api.service.seeing import bids_of_hidden
from api.store.tables import PROPOSALS
from api.store.values import Row

_TOLD = ("run_id", "referral_id", "bed_id", "premises_id", "arrival", "departure", "band")


def waiting_proposals(change: Change, *conditions: Any, everybody: bool = False) -> list[Row]:
    """In order of band. Without people whom the actor may not see: from the nights that a bed is
    proposed for, their bid would be found again. To the actor the bed is empty.

    `everybody`: with them, for what the actor is not told.
    """
    hidden = frozenset() if everybody else bids_of_hidden(change.connection, change.actor)
    rows = change.outlines("proposal", _TOLD, PROPOSALS.c.status == "proposed", *conditions)
    rows = [row for row in rows if row["referral_id"] not in hidden]
    return sorted(rows, key=lambda row: (row["band"], row["referral_id"]))


def of_nights(nights: Stay) -> tuple[Any, ...]:
    """Proposals on some of these nights, as conditions."""
    return PROPOSALS.c.arrival < nights.departure, PROPOSALS.c.departure > nights.arrival

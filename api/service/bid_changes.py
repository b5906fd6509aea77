"""Bid changes: what a change of a bid made different, from the facts that its timeline keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy import select

from allocator.referral import Referral
from api.service.change import Change
from api.store.records import read
from api.store.tables import EVENT_PAYLOADS, EVENTS

CHANGES = ("referral.changed", "referral.recorded")


@dataclass(frozen=True, slots=True)
class BidChange:
    """What was known before and after. None: the facts were erased, or are not kept."""

    before: Referral | None
    after: Referral | None


def bid_changes(change: Change, identifier: str, events: Sequence[int]) -> dict[int, BidChange]:
    """By event of those asked for that changed the bid, what was known before and after it."""
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    wanted = (
        select(EVENTS.c.seq, EVENTS.c.action, EVENT_PAYLOADS.c.payload)
        .select_from(joined)
        .where(EVENTS.c.kind == "referral", EVENTS.c.subject == identifier)
        .order_by(EVENTS.c.seq)
    )
    found: dict[int, BidChange] = {}
    before: Referral | None = None
    first = True
    for row in change.connection.execute(wanted):
        kept = (row.payload or {}).get("row")
        if row.action in CHANGES:
            after = _value(kept)
            if not first and row.seq in events:
                found[row.seq] = BidChange(before, after)
            before, first = after, False
        elif before is not None and isinstance(kept, dict) and "failed_attempts" in kept:
            # Counted by what came between, and no change of this one.
            before = replace(before, failed_attempts=kept["failed_attempts"])
    return found


def _value(row: object) -> Referral | None:
    if not isinstance(row, dict):
        return None
    try:
        return read(Referral, row)
    except (KeyError, ValidationError):  # as an earlier version wrote it
        return None

"""Settle: what was waiting for bids that are open no more is over."""

from __future__ import annotations

from collections.abc import Sequence

from api.service.change import Change
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, FLAGS, PROPOSALS
from api.store.values import Row


def settle(change: Change, bids: Sequence[Row], by: str = "") -> None:
    """Proposals, flags, and bookings that no bed could hold, of bids placed or closed."""
    facts = {"by": by} if by else {}
    proposals: list[Row] = []
    flags: list[Row] = []
    surplus: list[Row] = []
    for ids in by_many([bid["id"] for bid in bids]):
        proposals += change.rows(
            "proposal", PROPOSALS.c.referral_id.in_(ids), PROPOSALS.c.status == "proposed"
        )
        flags += change.rows("flag", FLAGS.c.referral_id.in_(ids), ~FLAGS.c.cleared)
        surplus += change.rows(
            "booking",
            BOOKINGS.c.referral_id.in_(ids),
            BOOKINGS.c.status == "upcoming",
            BOOKINGS.c.surplus,
        )
    change.record_all(
        "proposal.superseded",
        "proposal",
        [{**each, "status": "superseded"} for each in proposals],
        **facts,
    )
    clear(change, flags, **facts)
    change.record_all(
        "booking.cancelled",
        "booking",
        [
            {
                **each,
                "status": "cancelled",
                "ended_reason": "no bed could hold it, and its bid is open no more",
                "version": each["version"] + 1,
            }
            for each in surplus
        ],
        **facts,
    )


def clear(change: Change, flags: Sequence[Row], **facts: str) -> None:
    """These need nobody any more."""
    change.record_all(
        "flag.cleared", "flag", [{**each, "cleared": True} for each in flags], **facts
    )

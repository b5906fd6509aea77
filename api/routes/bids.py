"""Reviewed: bids as lists show them, with what stands out: days left, rung, flags."""

from __future__ import annotations

from collections import defaultdict

from api.service.acknowledging import for_managers, may_acknowledge
from api.service.change import Change
from api.service.escalation import waiting
from api.service.ladder import rung_at
from api.service.referrals import OPEN, visible
from api.store.tables import FLAGS
from api.store.values import Row
from api.wire.shown import Escalation, ReferralShown


def bids_shown(change: Change, rows: list[Row]) -> list[ReferralShown]:
    """These bids for this reader, in their order."""
    raised: dict[str, set[str]] = defaultdict(set)
    shown = [row["id"] for row in rows]
    for flag in change.rows("flag", ~FLAGS.c.cleared, FLAGS.c.referral_id.in_(shown)):
        raised[flag["referral_id"]].add(flag["why"])
    on_ladder = waiting(change, shown)
    return [_shown(change, row, sorted(raised[row["id"]]), row["id"] in on_ladder) for row in rows]


def bid_shown(change: Change, row: Row, flags: list[str]) -> ReferralShown:
    """One bid."""
    return _shown(change, row, flags, bool(waiting(change, [row["id"]])))


def _shown(change: Change, row: Row, flags: list[str], on_ladder: bool) -> ReferralShown:
    """A bid; of one that the reader may not see, only that it is there and where it stands."""
    common = {
        "id": row["id"],
        "version": row["version"],
        "status": row["status"],
        "band": row["band"],
        "release_date": row["release_date"],
        "latest_arrival": row["latest_arrival"],
        "days_to_release": (row["release_date"] - change.today).days,
        "failed_attempts": row["failed_attempts"],
        "without_bed": row["status"] == OPEN,
        "escalation": Escalation(
            rung=row["rung"],
            role=rung_at(change.policy, row["rung"]).role,
            since=row["rung_since"],
            due=row["rung_due"],
            acknowledged_by=row["rung_acknowledged_by"],
            for_managers=for_managers(change.policy, row["rung"]),
            may_acknowledge=may_acknowledge(change.actor, change.policy, row["rung"]),
        )
        if on_ladder
        else None,
    }
    if not visible(row, change.actor):
        return ReferralShown(**common, restricted=True)
    return ReferralShown(
        **common,
        restricted=row["restricted_to"] is not None,
        flags=flags,
        owner_id=row["owner_id"],
        owner_name=row["owner_name"],
        owner_acknowledged=row["owner_acknowledged"],
        booking_id=row["booking_id"],
        closed_reason=row["closed_reason"],
        details=row["details"],
    )

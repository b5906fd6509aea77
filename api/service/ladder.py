"""Ladder: bids as the policy reads them now, whatever the policy said when they were written."""

from __future__ import annotations

from sqlalchemy import or_

from allocator.policy import Policy, Rung
from api.service.change import Change
from api.service.escalation import on_the_ladder, rung_of
from api.service.referrals import OPEN
from api.store.records import referral
from api.store.tables import REFERRALS
from api.store.values import Row


def rung_at(policy: Policy, number: int) -> Rung:
    """The rung with this number; the highest there is, where a longer ladder had it."""
    return policy.escalation[min(number, len(policy.escalation) - 1)]


def band_name(policy: Policy, number: int) -> str:
    """What the band is called; the lowest there is, where a policy with more of them had it."""
    return policy.bands[min(number, len(policy.bands)) - 1].name


def reassess(change: Change) -> list[Row]:
    """Bring open bids, and others on the ladder, to the policy's band and rung; those that differ.

    For a policy that is new since they were written: nothing else changes a band unseen. A rung
    falls here alone, to the top of a ladder that has become shorter.
    """
    top = len(change.policy.escalation) - 1
    changed = []
    asked = or_(REFERRALS.c.status == OPEN, on_the_ladder(change.today))
    for row in change.rows("referral", asked):
        band = change.policy.band_of(referral(row))
        now = {**row, "band": band, "rung": min(row["rung"], top)}
        now |= rung_of(change, now)
        if now != row:
            changed.append({**now, "version": row["version"] + 1})
    return change.record_all("referral.reassessed", "referral", changed, policy=change.policy.name)

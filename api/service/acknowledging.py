"""Acknowledging: who may say that they know of a bid at its rung, and that it counts once."""

from __future__ import annotations

from sqlalchemy import select

from allocator.policy import Policy
from api.access.actor import Actor, Role
from api.service.change import Change
from api.service.refusals import ConflictError, NotAllowedError
from api.store.tables import EVENTS
from api.store.values import Row

ACKNOWLEDGED = "escalation.acknowledged"
OWNERS = frozenset({Role.COORDINATOR, Role.MANAGER})
ABOVE = frozenset({Role.MANAGER})
"""Every rung above the first: roles here do not tell a CRU manager from a regional head."""


def for_managers(policy: Policy, rung: int) -> bool:
    """Whether managers alone acknowledge at this rung; a longer ladder may have had it."""
    return min(rung, len(policy.escalation) - 1) > 0


def may_acknowledge(actor: Actor, policy: Policy, rung: int) -> bool:
    """Whether the rung is one at which this person may say that they know."""
    return actor.is_person and bool(actor.roles & (ABOVE if for_managers(policy, rung) else OWNERS))


def is_known(change: Change, row: Row) -> bool:
    """Whether the actor has acknowledged the bid at this rung already.

    Raises NotAllowedError when the rung is not theirs, ConflictError when another was first.
    """
    if not may_acknowledge(change.actor, change.policy, row["rung"]):
        # A longer ladder may have had the bid's rung.
        role = change.policy.escalation[min(row["rung"], len(change.policy.escalation) - 1)].role
        raise NotAllowedError(
            f"this bid has risen to the {role}: a manager acknowledges it",
            code="role-not-allowed",
        )
    if row["rung_acknowledged_by"] is None:
        return False
    mine = (EVENTS.c.kind == "referral") & (EVENTS.c.subject == row["id"])
    first = select(EVENTS.c.actor_id).where(mine, EVENTS.c.action == ACKNOWLEDGED)
    who = change.connection.execute(first.order_by(EVENTS.c.seq.desc()).limit(1)).scalar()
    if who != change.actor.id:
        raise ConflictError(
            f"{row['rung_acknowledged_by']} has acknowledged this bid at this rung",
            code="acknowledged",
            acknowledged_by=row["rung_acknowledged_by"],
        )
    return True

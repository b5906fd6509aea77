"""Since kept: what happened to a bid after a form about it was kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from api.service.change import Change
from api.store.tables import EVENTS, PROPOSALS


def actions_since(change: Change, referral_id: str, at: datetime) -> frozenset[str]:
    """The actions recorded about the bid and proposals for it after the moment."""
    proposed = select(PROPOSALS.c.id).where(PROPOSALS.c.referral_id == referral_id)
    about = or_(
        and_(EVENTS.c.kind == "referral", EVENTS.c.subject == referral_id),
        and_(EVENTS.c.kind == "proposal", EVENTS.c.subject.in_(proposed)),
    )
    found = select(EVENTS.c.action).where(about, EVENTS.c.at > at)
    return frozenset(change.connection.execute(found).scalars())

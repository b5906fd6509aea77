"""Plan numbers: which of the plans of one minute a plan is; their moments alone are the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from api.store.tables import RUNS


def asked_for(connection: Connection, run_id: str) -> tuple[datetime, int] | None:
    """When a run was asked for, and the how-manieth of that minute it is, of all runs; None: there
    is no such run. Later ones change nothing of it.
    """
    mine = select(RUNS.c.requested_at).where(RUNS.c.id == run_id)
    at: datetime | None = connection.execute(mine).scalar()
    if at is None:
        return None
    minute = at.replace(second=0, microsecond=0)
    within = RUNS.c.requested_at >= minute, RUNS.c.requested_at < minute + timedelta(minutes=1)
    before = (RUNS.c.requested_at < at) | ((RUNS.c.requested_at == at) & (RUNS.c.id < run_id))
    earlier = connection.execute(select(func.count()).select_from(RUNS).where(*within, before))
    return at, int(earlier.scalar_one()) + 1

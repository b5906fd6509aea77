"""Plan numbers: which of the plans of one minute a plan is; their moments alone are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from api.store.tables import RUNS


def asked_for(connection: Connection, run_ids: Collection[str]) -> dict[str, tuple[datetime, int]]:
    """By run, when it was asked for, and the how-manieth of that minute it is, of all runs; those
    that there are not are left out. Later ones change nothing of it.

    Two queries, however many they are.
    """
    moments = select(RUNS.c.requested_at).where(RUNS.c.id.in_(sorted(run_ids)))
    minutes = [_minute(at) for at in connection.execute(moments).scalars()]
    if not minutes:
        return {}
    after = max(minutes) + timedelta(minutes=1)
    among = RUNS.c.requested_at >= min(minutes), RUNS.c.requested_at < after
    every = select(RUNS.c.id, RUNS.c.requested_at).where(*among)
    so_far: Counter[datetime] = Counter()
    found = {}
    for run_id, at in connection.execute(every.order_by(RUNS.c.requested_at, RUNS.c.id)):
        so_far[_minute(at)] += 1
        found[run_id] = at, so_far[_minute(at)]
    return {run_id: found[run_id] for run_id in run_ids if run_id in found}


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)

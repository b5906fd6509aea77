"""Waiting: whether anybody takes up the runs, or the studies, that wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from api.service.leases import QUEUED, RUNNING, Leases
from api.service.register import Register
from api.service.runs import RUN_LEASES
from api.store.tables import EVENTS

LONGEST_WAIT_S = 60.0
"""A worker that has nothing to do looks every quarter of a second."""


class NobodyWorksError(Exception):
    """One waits, and no worker is at any."""


def check_workers(register: Register, leases: Leases = RUN_LEASES) -> None:
    """Raise NobodyWorksError when one has waited too long while no worker was at another."""
    now = register.clock.now()
    table, state = leases.table, leases.state
    at_work = select(table.c.id).join(state).where(table.c.status == RUNNING)
    queued = select(table.c.id).where(table.c.status == QUEUED)
    since = (
        select(func.max(EVENTS.c.at))
        .where(EVENTS.c.kind == leases.kind, EVENTS.c.subject.in_(queued))
        .group_by(EVENTS.c.subject)
    )
    with register.reading() as connection:
        if connection.execute(at_work.where(state.c.lease_until >= now).limit(1)).first():
            return
        waiting = connection.execute(since).scalars().all()
    if any(now - moment > timedelta(seconds=LONGEST_WAIT_S) for moment in waiting):
        raise NobodyWorksError

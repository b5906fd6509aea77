"""Waiting: whether anybody takes up the runs that wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from api.service.register import Register
from api.service.runs import QUEUED, RUNNING
from api.store.tables import EVENTS, RUN_STATE, RUNS

LONGEST_WAIT_S = 60.0
"""A worker that has nothing to do looks every quarter of a second."""


class NobodyWorksError(Exception):
    """A run waits, and no worker is at any."""


def check_workers(register: Register) -> None:
    """Raise NobodyWorksError when a run has waited too long while no worker was at another."""
    now = register.clock.now()
    at_work = select(RUNS.c.id).join(RUN_STATE).where(RUNS.c.status == RUNNING)
    queued = select(RUNS.c.id).where(RUNS.c.status == QUEUED)
    since = (
        select(func.max(EVENTS.c.at))
        .where(EVENTS.c.kind == "run", EVENTS.c.subject.in_(queued))
        .group_by(EVENTS.c.subject)
    )
    with register.reading() as connection:
        if connection.execute(at_work.where(RUN_STATE.c.lease_until >= now).limit(1)).first():
            return
        waiting = connection.execute(since).scalars().all()
    if any(now - moment > timedelta(seconds=LONGEST_WAIT_S) for moment in waiting):
        raise NobodyWorksError

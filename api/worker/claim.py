"""Claim: the oldest waiting run becomes this worker's, for as long as it beats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from api.service.change import Change
from api.service.run_ends import called_off, give_up, ours, requeue
from api.service.runs import QUEUED, RUNNING, set_state, state_of
from api.store.tables import EVENTS, RUN_STATE, RUNS
from api.store.values import Row

MOST_LOSSES = 2
"""So often a run is queued again after its worker was lost; a worker that ends well counts not."""
LEASE_LOST = "run.lease_lost"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that is ours, and the attempt with which we may say anything of it."""

    run: Row
    attempt: int


def anything_to_do(connection: Connection, now: datetime) -> bool:
    """Whether a run waits, or one is lost; asked before the lock is taken."""
    lost = (RUNS.c.status == RUNNING) & (RUN_STATE.c.lease_until < now)
    found = select(RUNS.c.id).join(RUN_STATE).where(or_(RUNS.c.status == QUEUED, lost)).limit(1)
    return connection.execute(found).first() is not None


def claim(change: Change, worker: str, lease_s: float) -> Claimed | None:
    """The oldest run that waits, after those whose worker was lost have been queued again."""
    take_back(change)
    waiting = select(RUNS).where(RUNS.c.status == QUEUED)
    oldest = waiting.order_by(RUNS.c.requested_at, RUNS.c.register_seq, RUNS.c.id).limit(1)
    found = change.connection.execute(oldest).mappings().first()
    if found is None:
        return None
    attempt = state_of(change.connection, found["id"])["attempt"] + 1
    set_state(
        change.connection,
        found["id"],
        attempt=attempt,
        worker=worker,
        lease_until=change.at + timedelta(seconds=lease_s),
        progress=[],
    )
    row = {**found, "status": RUNNING}
    return Claimed(change.record("run.claimed", "run", row, attempt=attempt), attempt)


def renew(
    change: Change, claimed: Claimed, lease_s: float, progress: list[dict[str, object]]
) -> None:
    """Keep the run for another while. Raises ConflictError when it is not ours any more."""
    ours(change, claimed.run["id"], claimed.attempt)
    until = change.at + timedelta(seconds=lease_s)
    set_state(change.connection, claimed.run["id"], lease_until=until, progress=progress)


def take_back(change: Change) -> list[Row]:
    """Every run whose lease has run out, as it is now: queued again, given up or called off."""
    lost = (
        select(RUNS)
        .join(RUN_STATE)
        .where(RUNS.c.status == RUNNING, RUN_STATE.c.lease_until < change.at)
        .order_by(RUNS.c.id)
    )
    rows = [dict(row) for row in change.connection.execute(lost).mappings()]
    return [_after_loss(change, row) for row in rows]


def _after_loss(change: Change, run: Row) -> Row:
    if state_of(change.connection, run["id"])["cancel_asked"]:
        return called_off(change, run)
    if _losses(change.connection, run["id"]) >= MOST_LOSSES:
        return give_up(change, run)
    return requeue(change, run, LEASE_LOST)


def _losses(connection: Connection, run_id: str) -> int:
    mine = (EVENTS.c.kind == "run") & (EVENTS.c.subject == run_id)
    counted = select(func.count()).where(mine, EVENTS.c.action == LEASE_LOST)
    return int(connection.execute(counted).scalar_one())

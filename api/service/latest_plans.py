"""Latest plans: the one over the register that is being made, and the one that overtook another."""

from __future__ import annotations

from sqlalchemy import Connection, select

from api.service.leases import FINISHED, QUEUED, RUNNING
from api.service.smallest_changes import last_run
from api.store.tables import RUNS
from api.store.values import Row


def being_made(connection: Connection) -> Row | None:
    """The run over the register that will end first of those that wait or are worked on."""
    ahead = select(RUNS).where(
        RUNS.c.status.in_((QUEUED, RUNNING)),
        RUNS.c.over == "register",
        RUNS.c.replay_of.is_(None),
    )
    first = ahead.order_by(RUNS.c.status.desc(), RUNS.c.requested_at, RUNS.c.id).limit(1)
    row = connection.execute(first).mappings().first()
    return None if row is None else dict(row)


def overtaken_by(connection: Connection, run_id: str) -> Row | None:
    """The plan that holds now in the place of this one; None: this one does, or it never could."""
    last = last_run(connection)
    run = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).mappings().first()
    if last is None or run is None or last["id"] == run_id:
        return None
    proposed = run["status"] == FINISHED and run["over"] == "register" and not run["replay_of"]
    return last if proposed else None

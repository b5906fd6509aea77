"""Smallest changes: what would give each person without a bed one, in the last plan there is.

The worker looked for them when the plan was made: to do so takes hundredths of a second a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from api.service.refusals import NotThereError
from api.service.run_values import Why, reasons_of
from api.store.tables import EVENTS, RUNS
from api.store.values import Row


def last_run(connection: Connection, before: datetime | None = None) -> Row | None:
    """The finished run over the register that proposals are of now, or were before a moment."""
    wanted = select(RUNS).where(
        RUNS.c.status == "finished", RUNS.c.over == "register", RUNS.c.replay_of.is_(None)
    )
    if before is not None:
        wanted = wanted.where(RUNS.c.ended_at < before)
    newest = wanted.order_by(RUNS.c.register_seq.desc(), RUNS.c.ended_at.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    return None if row is None else dict(row)


def not_yet_in(connection: Connection, run: Row | None, ids: Sequence[str]) -> set[str]:
    """Bids, of these, that were recorded after what the run knew of the register."""
    if run is None or not ids:
        return set()
    recorded = select(EVENTS.c.subject).where(
        EVENTS.c.kind == "referral",
        EVENTS.c.subject.in_(ids),
        EVENTS.c.action == "referral.recorded",
        EVENTS.c.seq > run["register_seq"],
    )
    return set(connection.execute(recorded).scalars())


def changes_for(connection: Connection, run: Row | None, ids: Sequence[str]) -> dict[str, Why]:
    """By bid, of those that the run leaves without a bed. Nothing, where it has been erased."""
    if run is None or run["reasons"] is None or not ids:
        return {}
    try:
        reasons = reasons_of(connection, run)
    except NotThereError:
        return {}
    return {name: reasons[name] for name in ids if name in reasons}

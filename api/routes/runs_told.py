"""Runs told: runs with what comes and goes, how each ended, and whether a replay came to the same.

For a list and for one: what is asked of the database does not grow with the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from api.access.actor import Actor
from api.routes.run_models import Replay, Run, run_shown
from api.service import runs
from api.service.outcomes import Outcome, compared, outcomes_of
from api.service.seeing import may_see
from api.store.tables import RUNS
from api.store.values import Row


def run_told(connection: Connection, actor: Actor, row: Row) -> Run:
    """One run, whole."""
    return runs_told(connection, actor, [row])[0]


def runs_told(connection: Connection, actor: Actor, rows: Sequence[Row]) -> list[Run]:
    """These runs, whole, in their order."""
    states = runs.states_of(connection, [row["id"] for row in rows])
    first = sorted({row["replay_of"] for row in rows if row["replay_of"] is not None})
    found = connection.execute(select(RUNS).where(RUNS.c.id.in_(first))).mappings()
    originals = [row for row in map(dict, found) if may_see(row, actor)]
    ends = outcomes_of(connection, [*rows, *originals])
    return [_told(row, states[row["id"]], ends) for row in rows]


def _told(row: Row, state: Row, ends: Mapping[str, Outcome]) -> Run:
    here, there = ends.get(row["id"]), ends.get(row["replay_of"] or "")
    replay = None
    if here is not None and there is not None:
        found = compared(here, there)
        replay = Replay(
            of=row["replay_of"],
            same=found.same,
            same_versions=found.same_versions,
            repeatable=found.repeatable,
            of_ended_by=there.ended_by.value,
        )
    return run_shown(row, state, replay, None if here is None else here.ended_by)

"""Runs: a plan asked for, over the register as it stands or over a problem that was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from allocator.plan import EndedBy
from allocator.problem import Problem
from allocator.problem_file import problem_to_json
from api.access.actor import Actor, Role
from api.service import advising, run_values
from api.service.change import Change
from api.service.documents import put
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError, TooManyError
from api.service.run_values import plan_of, policy_text
from api.service.seeing import the_run
from api.store.snapshot import snapshot
from api.store.tables import RUN_STATE, RUNS
from api.store.values import Row

QUEUED, RUNNING = "queued", "running"
FINISHED, FAILED, CANCELLED = "finished", "failed", "cancelled"
REGISTER, PROBLEM = "register", "problem"
ALLOCATOR = Actor("allocator", "The allocator", frozenset({Role.SERVICE}))
"""Who does what a worker does. Whoever asked for the run stands in the run."""
TRY_AGAIN_S = 30
_PACKAGES = ("approved-premises-allocator", "highspy", "numpy")


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How many runs may wait."""

    per_person: int = 5
    in_all: int = 20


def request(
    change: Change,
    *,
    over: str = REGISTER,
    problem: Problem | None = None,
    effort: str = "standard",
    seed: int = 0,
    time_limit_s: int | None = None,
    displacement: bool = False,
    keep_run: str | None = None,
    hold_back: bool = False,
    next_meeting: date | None = None,
    limits: QueueLimits,
) -> Row:
    """Ask for a plan; the run, which waits for a worker. Raises TooManyError when too many do."""
    _require_room(change, limits)
    if (over == PROBLEM) != (problem is not None):
        raise InvalidError("a problem is sent for a run over a problem, and for no other")
    if (hold_back and over != REGISTER) or (next_meeting is not None and not hold_back):
        raise InvalidError(
            "hold_back goes with a run over the register, and next_meeting with hold_back"
        )
    if keep_run is not None:
        plan_of(change.connection, the_run(change.connection, change.actor, keep_run))
    seq = change.register_seq
    if problem is None:
        problem = snapshot(change.connection, change.today, change.policy)
    run = _queue(
        change,
        put(change.connection, policy_text(change.policy)),
        over=over,
        effort=effort,
        seed=seed,
        time_limit_s=time_limit_s,
        displacement=displacement,
        kept_run=keep_run,
        replay_of=None,
        policy=change.policy.name,
        register_seq=seq,
        snapshot=put(change.connection, problem_to_json(problem)),
    )
    if hold_back:
        advising.ask(change, run, next_meeting)
    return run


def replay(change: Change, run_id: str, limits: QueueLimits) -> Row:
    """Ask for a finished run once more, as it was asked. It proposes nothing.

    Without its time limit, unless that is what ended it: then the plans may differ.
    """
    _require_room(change, limits)
    run = the_run(change.connection, change.actor, run_id)
    ended_by = plan_of(change.connection, run).ended_by
    timed = ended_by not in (EndedBy.PROVEN, EndedBy.EFFORT)
    same = ("over", "effort", "seed", "displacement", "kept_run", "policy", "register_seq")
    return _queue(
        change,
        run_values.policy_document(change.connection, run),
        **{name: run[name] for name in same},
        snapshot=run["snapshot"],
        time_limit_s=run["time_limit_s"] if timed else None,
        replay_of=run["id"],
    )


def cancel(change: Change, run_id: str) -> Row:
    """Call a run off. A worker that is at it stops within seconds, and says so then."""
    run = the_run(change.connection, change.actor, run_id)
    if run["status"] in (FINISHED, FAILED):
        raise ConflictError(
            f"run {run_id} is {run['status']}", code="ended", status_now=run["status"]
        )
    if run["status"] == QUEUED:
        return change.record(
            "run.cancelled", "run", {**run, "status": CANCELLED, "ended_at": change.at}
        )
    if run["status"] == RUNNING and not state_of(change.connection, run_id)["cancel_asked"]:
        set_state(change.connection, run_id, cancel_asked=True)
        # So that the timeline says who it was: the worker's event cannot.
        change.record("run.cancel_asked", "run", run)
    return run


def state_of(connection: Connection, run_id: str) -> Row:
    """What comes and goes while the run is under way."""
    return states_of(connection, [run_id])[run_id]


def states_of(connection: Connection, run_ids: Sequence[str]) -> dict[str, Row]:
    """The same of a page of runs, by id."""
    wanted = select(RUN_STATE).where(RUN_STATE.c.run_id.in_(run_ids))
    return {row["run_id"]: dict(row) for row in connection.execute(wanted).mappings()}


def set_state(connection: Connection, run_id: str, **values: Any) -> None:
    """Change some of that. The caller has the lock."""
    connection.execute(update(RUN_STATE).where(RUN_STATE.c.run_id == run_id).values(**values))


def _queue(change: Change, policy_document: str, **columns: Any) -> Row:
    row = {
        "id": new_id(),
        "status": QUEUED,
        "requested_by": change.actor.id,
        "requested_at": change.at,
        "plan": None,
        "reasons": None,
        "fault": None,
        "ended_at": None,
        **columns,
    }
    row = change.record(
        "run.requested", "run", row, policy_document=policy_document, versions=_versions()
    )
    state = {"run_id": row["id"], "attempt": 0, "cancel_asked": False, "progress": []}
    change.connection.execute(insert(RUN_STATE), [state])
    return row


def _require_room(change: Change, limits: QueueLimits) -> None:
    waiting = select(func.count()).select_from(RUNS).where(RUNS.c.status == QUEUED)
    mine = waiting.where(RUNS.c.requested_by == change.actor.id)
    for counted, most, whose in (
        (mine, limits.per_person, "of yours"),
        (waiting, limits.in_all, "in all"),
    ):
        number = change.connection.execute(counted).scalar_one()
        if number >= most:
            raise TooManyError(
                f"{number} runs {whose} are waiting already",
                code="too-many-runs",
                retry_after_s=TRY_AGAIN_S,
            )


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a folder of sources
            found[name] = "not installed"
    return found

"""Run ends: what a worker may say of a run, and only with the attempt that is still the run's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocator.holding import Advice
from allocator.plan import Plan
from api.service import advising
from api.service.change import Change
from api.service.documents import put
from api.service.proposals import propose
from api.service.refusals import ConflictError
from api.service.run_values import Why, plan_text, reasons_text
from api.service.runs import (
    CANCELLED,
    FAILED,
    FINISHED,
    QUEUED,
    REGISTER,
    RUNNING,
    set_state,
    state_of,
)
from api.store.values import Row


def finish(
    change: Change,
    run_id: str,
    attempt: int,
    plan: Plan,
    reasons: Mapping[str, Why],
    fault: str | None = None,
    advice: tuple[Advice | None, str] | None = None,
) -> Row:
    """Keep the plan, which the referee has passed, and propose what it places.

    `fault`: how the solver came to its end, if it left no more than its best plan so far.
    `advice`: what to hold, or none and why, where it was asked for with the run. A run
    that somebody has called off is cancelled instead. Raises ConflictError when it is not ours.
    """
    run = ours(change, run_id, attempt)
    if state_of(change.connection, run_id)["cancel_asked"]:
        return _end(change, run, CANCELLED)
    run = _end(
        change,
        run,
        FINISHED,
        plan=put(change.connection, plan_text(plan)),
        reasons=put(change.connection, reasons_text(reasons)),
        fault=fault,
    )
    if advice is not None:
        advising.keep(change, run_id, advice[0], advice[1] or None)
    if run["over"] == REGISTER and run["replay_of"] is None:
        propose(change, run, plan, reasons)
    return run


def fail(change: Change, run_id: str, attempt: int, code: str, words: str) -> Row:
    """There will be no plan. The words hold nobody's data."""
    run = ours(change, run_id, attempt)
    if state_of(change.connection, run_id)["cancel_asked"]:
        return _end(change, run, CANCELLED)
    return _end(change, run, FAILED, fault=fault_text(code, words))


def stopped(change: Change, run_id: str, attempt: int) -> Row:
    """The solve was stopped because somebody called the run off."""
    return _end(change, ours(change, run_id, attempt), CANCELLED)


def release(change: Change, run_id: str, attempt: int) -> Row:
    """Give a run back to the queue, for a worker that is told to end."""
    run = ours(change, run_id, attempt)
    if state_of(change.connection, run_id)["cancel_asked"]:
        return _end(change, run, CANCELLED)
    return requeue(change, run, "run.released")


def requeue(change: Change, run: Row, action: str) -> Row:
    """A run that nobody is at any more waits again."""
    set_state(change.connection, run["id"], worker=None, lease_until=None, progress=[])
    return change.record(action, "run", {**run, "status": QUEUED})


def give_up(change: Change, run: Row) -> Row:
    """A run that workers were lost over too often."""
    return _end(change, run, FAILED, fault=fault_text("gave-up", "its workers were lost too often"))


def called_off(change: Change, run: Row) -> Row:
    """A run that was called off while its worker was lost."""
    return _end(change, run, CANCELLED)


def ours(change: Change, run_id: str, attempt: int) -> Row:
    """The run. Raises ConflictError unless it is running with this very attempt."""
    run = change.row("run", run_id)
    if run["status"] != RUNNING or state_of(change.connection, run_id)["attempt"] != attempt:
        raise ConflictError(f"attempt {attempt} is not run {run_id}'s any more", code="lease-lost")
    return run


def fault_text(code: str, words: str) -> str:
    """What the run's `fault` holds: `split_fault` reads it."""
    return f"{code}: {words}"


def split_fault(fault: str) -> tuple[str, str]:
    """Code and words."""
    code, _, words = fault.partition(": ")
    return code, words


def _end(change: Change, run: Row, status: str, **columns: Any) -> Row:
    set_state(change.connection, run["id"], worker=None, lease_until=None)
    after = {**run, "status": status, "ended_at": change.at, **columns}
    return change.record(f"run.{status}", "run", after)

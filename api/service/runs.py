"""Runs: a plan asked for, over the register as it stands or over a problem that was sent."""

from __future__ import annotations

from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from allocator.problem import Problem
from allocator.problem_file import problem_to_json
from api.service import advising, run_values
from api.service.change import Change
from api.service.documents import put
from api.service.leases import Leases, QueueLimits
from api.service.new_id import new_id
from api.service.outcomes import is_repeatable
from api.service.refusals import InvalidError
from api.service.run_values import plan_of, policy_text
from api.service.seeing import the_run
from api.store.snapshot import snapshot
from api.store.tables import RUN_STATE, RUNS
from api.store.values import Row

RUN_LEASES = Leases("run", "runs", RUNS, RUN_STATE)
state_of, states_of, set_state = RUN_LEASES.state_of, RUN_LEASES.states_of, RUN_LEASES.set_state
REGISTER, PROBLEM = "register", "problem"
_PACKAGES = ("approved-premises-allocator", "highspy", "numpy")


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
    RUN_LEASES.require_room(change, limits)
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

    Without its time limit, unless that had a say in the plan: then the plans may differ.
    """
    RUN_LEASES.require_room(change, limits)
    run = the_run(change.connection, change.actor, run_id)
    plan = plan_of(change.connection, run)
    timed = not is_repeatable(plan.ended_by, timed=plan.timed)
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
    return RUN_LEASES.cancel(change, the_run(change.connection, change.actor, run_id))


def _queue(change: Change, policy_document: str, **columns: Any) -> Row:
    row = {
        "id": new_id(),
        "requested_by": change.actor.id,
        "requested_at": change.at,
        "plan": None,
        "reasons": None,
        "fault": None,
        "ended_at": None,
        **columns,
    }
    return RUN_LEASES.queue(change, row, policy_document=policy_document, versions=versions_here())


def versions_here() -> dict[str, str]:
    """What makes plans and simulated years here, for the timeline."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a folder of sources
            found[name] = "not installed"
    return found

"""Run ends: what a worker may say of a run, and only with the attempt that is still the run's."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.holding import Advice
from allocator.plan import Plan
from api.service import advising
from api.service.change import Change
from api.service.documents import put
from api.service.leases import FINISHED
from api.service.outcomes import as_facts, outcome
from api.service.proposals import propose
from api.service.run_values import Why, plan_text, reasons_text
from api.service.runs import REGISTER, RUN_LEASES
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

    def made() -> Row:
        return {
            "plan": put(change.connection, plan_text(plan)),
            "reasons": put(change.connection, reasons_text(reasons)),
            "fault": fault,
        }

    run = RUN_LEASES.finish(change, run_id, attempt, made, as_facts(outcome(plan)))
    if run["status"] != FINISHED:
        return run
    if advice is not None:
        advising.keep(change, run_id, advice[0], advice[1] or None)
    if run["over"] == REGISTER and run["replay_of"] is None:
        propose(change, run, plan, reasons)
    return run


ours, fail, stopped = RUN_LEASES.ours, RUN_LEASES.fail, RUN_LEASES.stopped
release, requeue = RUN_LEASES.release, RUN_LEASES.requeue

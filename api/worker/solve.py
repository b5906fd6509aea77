"""Solve: one claimed run, from its documents to a judged plan with its reasons."""

from __future__ import annotations

import threading
from dataclasses import replace

from allocator.explain import Situation, explain_unplaced, reason_of
from allocator.holding import Advice
from allocator.plan import EndedBy, Plan
from allocator.progress import Progress
from allocator.solver_process import Ended, Limits, Outcome, SolveRequest, solve_apart
from api.logs import Event, write_fault
from api.service.advising import asked
from api.service.forecasts import forecast_of
from api.service.leases import fault_text
from api.service.register import Register
from api.service.run_ends import finish, release, stopped
from api.service.run_values import Why, plan_of, policy_of, problem_of
from api.store.tables import FORECASTS, RUNS
from api.store.values import Row
from api.worker.advise import NOT_MADE, AdviceRequest, advise_apart
from api.worker.beat import Beat
from api.worker.claim import Claimed
from api.worker.settle import Ending, bring_to_an_end, failing
from api.worker.verdict import why_refused

CORES = 2
"""Of a run: more bring nothing."""
MOST_CHANGES = 1_000
"""People of whom it is looked for what would place them."""
CODES = {
    Ended.FAILED: "solver-failed",
    Ended.OUT_OF_MEMORY: "out-of-memory",
    Ended.OVERDUE: "overdue",
    Ended.STOPPED: "stopped",
}


def solve_run(
    register: Register,
    claimed: Claimed,
    beat: Beat,
    stop: threading.Event,
    *,
    solver: str,
    memory_gib: float,
) -> None:
    """Bring the run to an end, or back into the queue when this worker is told to stop."""
    bring_to_an_end(
        register,
        claimed,
        beat,
        lambda: _ending(register, claimed, beat, stop, solver, memory_gib),
    )


def _ending(
    register: Register,
    claimed: Claimed,
    beat: Beat,
    stop: threading.Event,
    solver: str,
    memory_gib: float,
) -> Ending:
    """What is to be said of the run. Takes as long as the solve."""
    run_id, attempt = claimed.id, claimed.attempt
    request = _request(register, claimed.row, solver)
    outcome = solve_apart(
        request,
        Limits(memory_gib=memory_gib),
        watch=beat.note,
        stop_requests=lambda: 2 if beat.must_stop or stop.is_set() else 0,
    )
    if beat.cancelled:
        return lambda change: stopped(change, run_id, attempt)
    if outcome.ended is Ended.STOPPED:
        return lambda change: release(change, run_id, attempt)
    plan = _plan(outcome)
    if plan is None:
        return failing(claimed, CODES[outcome.ended], outcome.fault)
    refused = why_refused(plan, request)
    if refused:
        return failing(claimed, "failed_verification", refused)
    reasons = reasons_for(plan, request)
    finished = outcome.ended is Ended.FINISHED
    fault = None if finished else fault_text(CODES[outcome.ended], outcome.fault)
    advice = _advice(register, claimed.row, plan, request, memory_gib, beat, stop)
    if advice is not None and stop.is_set():
        return lambda change: release(change, run_id, attempt)
    return lambda change: finish(change, run_id, attempt, plan, reasons, fault, advice)


def _advice(
    register: Register,
    run: Row,
    plan: Plan,
    request: SolveRequest,
    memory_gib: float,
    beat: Beat,
    stop: threading.Event,
) -> tuple[Advice | None, str] | None:
    """What to make firm and what to hold, where that was asked; never at the plan's cost."""
    try:
        with register.reading() as connection:
            wanted = asked(connection, run["id"])
            if wanted is None:
                return None
            rests_on = connection.execute(
                FORECASTS.select().where(FORECASTS.c.id == wanted["forecast_id"])
            ).mappings()
            forecast = forecast_of(connection, dict(rests_on.one()))
        beat.note(Progress("", None, None, 0.0, "holding beds for people to come"))
        meeting = wanted["next_meeting"]
        return advise_apart(
            AdviceRequest(plan, request.problem, request.policy, forecast, request.seed, meeting),
            memory_gib,
            lambda: beat.must_stop or stop.is_set(),
        )
    except Exception as fault:  # whatever it is, the plan stands without advice
        write_fault(Event.FAULT, fault)
        return None, NOT_MADE


def _request(register: Register, run: Row, solver: str) -> SolveRequest:
    with register.reading() as connection:
        keep = None
        if run["kept_run"] is not None:
            kept = connection.execute(RUNS.select().where(RUNS.c.id == run["kept_run"])).mappings()
            keep = plan_of(connection, dict(kept.one()))
        return SolveRequest(
            problem_of(connection, run),
            policy_of(connection, run),
            effort=run["effort"],
            seed=run["seed"],
            workers=CORES,
            time_limit_s=run["time_limit_s"],
            keep=keep,
            displacement=run["displacement"],
            solver=solver,
        )


def _plan(outcome: Outcome) -> Plan | None:
    """The plan; the best so far never says of itself that it could be made again."""
    plan = outcome.plan
    if plan is None or outcome.ended is Ended.FINISHED or plan.ended_by is EndedBy.TIME_LIMIT:
        return plan
    return replace(plan, ended_by=EndedBy.INTERRUPTED)


def reasons_for(plan: Plan, request: SolveRequest) -> dict[str, Why]:
    """Why everyone whom the plan leaves without a bed has none, and what would change it.

    That is looked for of the most urgent alone where there are very many: each takes a moment.
    """
    situation = Situation(plan, request.problem, request.policy)
    people = [request.problem.referrals_by_id[name] for name in plan.unplaced]
    people.sort(key=lambda each: (request.policy.band_of(each), each.release_date, each.id))
    found = {}
    for number, referral in enumerate(people):
        if number < MOST_CHANGES:
            told = explain_unplaced(referral, situation)
            reason, changes, nothing = told.reason, told.changes, told.nothing
        else:
            reason, changes, nothing = reason_of(referral, situation), (), ""
        words = tuple(f"{each.text} {each.price}".strip() for each in changes)
        found[referral.id] = Why(reason.main.code, reason.main.value, reason.text, words, nothing)
    return found

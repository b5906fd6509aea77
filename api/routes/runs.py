"""Runs: ask for a plan, look how it goes, call it off, make it again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter

from allocator.problem import Problem
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes import (
    proposals_read,
    run_advice,
    run_disparity,
    run_reasons,
    run_results,
    run_watch,
    what_if,
)
from api.routes.asking import After, Key, Limit, TheRegister, once, reading, shown
from api.routes.lists import page
from api.routes.run_models import Run, StartRun, Status, run_shown
from api.routes.run_reads import RunId, TheRun
from api.routes.runs_told import run_told, runs_told
from api.routes.values_in import value_from
from api.service import runs
from api.service.change import Change
from api.service.leases import QueueLimits
from api.service.register import Answer
from api.service.seeing import may_see
from api.settings import Settings
from api.store.tables import RUNS
from api.wire.body import body_of, described
from api.wire.shown import Page

router = APIRouter(prefix="/v1", tags=["Runs"])
_PROBLEM = TypeAdapter(Problem)
_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "It waits for a worker."}}


@router.post(
    "/runs",
    status_code=202,
    response_model=Run,
    responses=_ACCEPTED | problems(404, 409, 429),
    openapi_extra=described(StartRun),
)
def start_run(
    request: Request,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    body: Annotated[StartRun, Depends(body_of(StartRun))],
) -> Response:
    """Ask for a plan. A worker takes it up when its turn comes."""
    settings: Settings = request.app.state.settings
    problem = None if body.problem is None else value_from(_PROBLEM, body.problem, "problem")

    def start(change: Change) -> Answer:
        return _accepted(
            runs.request(
                change,
                over=body.over,
                problem=problem,
                effort=body.effort,
                seed=body.seed,
                time_limit_s=body.time_limit_s or settings.default_time_limit_s,
                displacement=body.displacement,
                keep_run=body.keep_run,
                hold_back=body.hold_back,
                next_meeting=body.next_meeting,
                limits=_limits(settings),
            )
        )

    return once(register, actor, request, key, body, start)


@router.post(
    "/runs/{run_id}/replay",
    status_code=202,
    response_model=Run,
    responses=_ACCEPTED | problems(404, 409, 429),
)
def replay_run(
    request: Request, register: TheRegister, actor: Permitted, key: Key, run_id: RunId
) -> Response:
    """Make a finished run again from what it was given. It proposes nothing."""
    settings: Settings = request.app.state.settings

    def replay(change: Change) -> Answer:
        return _accepted(runs.replay(change, run_id, _limits(settings)))

    return once(register, actor, request, key, None, replay)


@router.post("/runs/{run_id}/cancellation", responses=problems(404, 409))
def cancel_run(register: TheRegister, actor: Permitted, run_id: RunId) -> Run:
    """Call a run off. One that is running is cancelled within seconds; look again."""
    with register.changing(actor) as change:
        row = runs.cancel(change, run_id)
        return run_shown(row, runs.state_of(change.connection, run_id))


@router.get("/runs", responses=problems())
def list_runs(
    register: TheRegister,
    actor: Permitted,
    limit: Limit = 50,
    after: After = None,
    status: Annotated[Status | None, Query()] = None,
) -> Page[Run]:
    """Runs that you may see, the newest first."""
    wanted = [] if status is None else [RUNS.c.status == status]
    with reading(register, actor) as change:
        rows = [row for row in change.rows("run", *wanted) if may_see(row, actor)]
        some = page(rows, ("-requested_at", "-register_seq"), limit, after, lambda row: row)
        records = runs_told(change.connection, actor, some.records)
    return Page(records=records, after=some.after, total=some.total)


@router.get("/runs/{run_id}", responses=problems(404))
def get_run(found: TheRun) -> Run:
    """A run: how far it is, how it ended, and whether a replay came to the same."""
    with found.register.reading() as connection:
        return run_told(connection, found.actor, found.run)


def _limits(settings: Settings) -> QueueLimits:
    return QueueLimits(settings.queued_runs_per_person, settings.queued_runs)


def _accepted(row: dict[str, object]) -> Answer:
    return shown(run_shown(row), 202, location=f"/v1/runs/{row['id']}")


for part in (
    run_watch,
    run_results,
    run_reasons,
    what_if,
    run_disparity,
    run_advice,
    proposals_read,
):
    router.include_router(part.router)

"""Replays: a finished plan made again from what it was given, and whether it is the same."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import desc

from api.pages.disparity import finished_runs
from api.pages.listing import Listing
from api.pages.visit import Visiting
from api.routes.asking import reading
from api.routes.runs_told import run_told, runs_told
from api.service import leases, runs
from api.service.change import Change
from api.service.lists import counted, cut
from api.service.register import Answer
from api.service.seeing import runs_seen_by, the_run
from api.store.tables import RUNS

router = APIRouter()


@router.get("/audit/replays")
def page_replays(visit: Visiting) -> HTMLResponse:
    """Plans that were made again, the newest first, and the form to have one made."""
    listing = Listing.of(visit, ("newest",), "newest", ())
    conditions = [*runs_seen_by(visit.actor), RUNS.c.replay_of.is_not(None)]
    with reading(visit.register, visit.actor) as change:
        listing = listing.holding(counted(change.connection, "run", conditions))
        rows = cut(
            change.connection,
            "run",
            conditions,
            (desc(RUNS.c.requested_at),),
            limit=listing.size,
            offset=listing.offset,
        )
        told = runs_told(change.connection, visit.actor, rows)
        finished = runs_told(
            change.connection, visit.actor, finished_runs(visit, change.connection)
        )
    return visit.page(
        "replays.html",
        title="Make a plan again",
        listing=listing,
        rows=told,
        finished=finished,
    )


@router.post("/audit/replays")
def page_replay(visit: Visiting) -> Response:
    """Have a finished plan made again. It proposes nothing."""
    run_id = visit.said("run", 200)
    limits = leases.QueueLimits(visit.settings.queued_runs_per_person, visit.settings.queued_runs)

    def again(change: Change) -> Answer:
        return Answer(202, {"id": runs.replay(change, run_id, limits)["id"]})

    answer = visit.once({"run": run_id}, again)
    return visit.go(f"/audit/replays/{answer.body['id']}", "replayed")


@router.get("/audit/replays/{run_id}")
def page_replayed(run_id: str, visit: Visiting) -> HTMLResponse:
    """One plan made again: how far it is, and whether it came to the same."""
    with visit.register.reading() as connection:
        run = run_told(connection, visit.actor, the_run(connection, visit.actor, run_id))
    return visit.page(
        "replayed.html",
        title="A plan made again",
        run=run,
        going=run.status in (leases.QUEUED, leases.RUNNING),
    )

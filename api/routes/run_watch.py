"""Watch: a run as it goes, told as it happens until it has ended."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse
from starlette.responses import StreamingResponse

from api.problems import problems
from api.routes.run_reads import TheRun
from api.routes.watching import EVENTS, watched
from api.service.runs import RUN_LEASES

router = APIRouter()


# Not response_class=EventSourceResponse: the framework would begin the answer before the run is
# looked for, and a run that is not there would be 200.
@router.get(
    "/runs/{run_id}/events",
    response_class=StreamingResponse,
    responses=EVENTS | problems(404, 429),
)
def watch_run(found: TheRun) -> EventSourceResponse:
    """Server-sent events: each level with value, bound and seconds, then the final status."""
    return watched(found.register, found.actor, RUN_LEASES, found.run["id"], "level")

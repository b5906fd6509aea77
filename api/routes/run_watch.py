"""Watch: a run as it goes, told as it happens until it has ended."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, format_sse_event
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.problems import problems
from api.routes.run_reads import Seen, TheRun
from api.service.leases import QUEUED, RUNNING
from api.service.register import Register
from api.service.watchers import WATCHERS
from api.store.tables import RUN_STATE, RUNS

router = APIRouter()
LOOK_S = 0.5
SILENT_S = 15.0
LONGEST_S = 900.0
"""A token would have run out by then: whoever still watches comes again with another."""


_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `status`, `progress` and `end`; data is JSON.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


# Not response_class=EventSourceResponse: the framework would begin the answer before the run is
# looked for, and a run that is not there would be 200.
@router.get(
    "/runs/{run_id}/events",
    response_class=StreamingResponse,
    responses=_EVENTS | problems(404, 429),
)
def watch_run(found: TheRun) -> EventSourceResponse:
    """Server-sent events: each level with value, bound and seconds, then the final status."""
    WATCHERS.enter(found.actor.id)
    # A proxy that gathers events before it passes them on would defeat the purpose.
    headers = {"X-Accel-Buffering": "no"}
    return _Watched(found, headers)


class _Watched(EventSourceResponse):
    """The events; when they have ended, or nobody listens any more, one watcher less."""

    def __init__(self, found: Seen, headers: dict[str, str]) -> None:
        super().__init__(_tell(found.register, found.run["id"]), headers=headers)
        self._actor_id = found.actor.id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            WATCHERS.leave(self._actor_id)


async def _tell(register: Register, run_id: str) -> AsyncIterator[bytes]:
    """What is new, as it comes. No connection to the database is held in between."""
    told: dict[str, Any] = {}
    began = spoke = time.monotonic()
    while time.monotonic() - began < LONGEST_S:
        status, progress = await run_in_threadpool(_look, register, run_id)
        news = [level for level in progress if told.get(level["level"]) != level]
        for level in news:
            told[level["level"]] = level
            yield _event("progress", level)
        if status not in (QUEUED, RUNNING):
            yield _event("end", {"status": status})
            return
        if told.get("status") != status:
            told["status"] = status
            yield _event("status", {"status": status})
        elif not news and time.monotonic() - spoke > SILENT_S:
            yield format_sse_event(comment="still here")
        else:
            spoke = spoke if not news else time.monotonic()
            await asyncio.sleep(LOOK_S)
            continue
        spoke = time.monotonic()


def _look(register: Register, run_id: str) -> tuple[str, list[dict[str, Any]]]:
    wanted = select(RUNS.c.status, RUN_STATE.c.progress).join(RUN_STATE).where(RUNS.c.id == run_id)
    with register.reading() as connection:
        row = connection.execute(wanted).one()
    return str(row.status), list(row.progress)


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=kind, data_str=json.dumps(data))

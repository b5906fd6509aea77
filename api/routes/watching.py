"""Watching: a run or a study as it goes, told as it happens until it has ended."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi.sse import EventSourceResponse, format_sse_event
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from api.access.actor import Actor
from api.service.leases import QUEUED, RUNNING, Leases
from api.service.register import Register
from api.service.watchers import WATCHERS

LOOK_S = 0.5
SILENT_S = 15.0
LONGEST_S = 900.0
"""A token would have run out by then: whoever still watches comes again with another."""
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `status`, `progress` and `end`; data is JSON.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def watched(
    register: Register, actor: Actor, leases: Leases, identifier: str, part: str
) -> EventSourceResponse:
    """The events. `part`: the field by which a part of the progress is told from another.

    Raises TooManyError when the actor watches too many already.
    """
    WATCHERS.enter(actor.id)
    return _Watched(actor.id, _tell(register, leases, identifier, part))


class _Watched(EventSourceResponse):
    """The events; when they have ended, or nobody listens any more, one watcher less."""

    def __init__(self, actor_id: str, telling: AsyncIterator[bytes]) -> None:
        # A proxy that gathers events before it passes them on would defeat the purpose.
        super().__init__(telling, headers={"X-Accel-Buffering": "no"})
        self._actor_id = actor_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            WATCHERS.leave(self._actor_id)


async def _tell(
    register: Register, leases: Leases, identifier: str, part: str
) -> AsyncIterator[bytes]:
    """What is new, as it comes. No connection to the database is held in between."""
    told: dict[str, Any] = {}
    began = spoke = time.monotonic()
    while time.monotonic() - began < LONGEST_S:
        status, progress = await run_in_threadpool(_look, register, leases, identifier)
        news = [each for each in progress if told.get(each[part]) != each]
        for each in news:
            told[each[part]] = each
            yield _event("progress", each)
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


def _look(register: Register, leases: Leases, identifier: str) -> tuple[str, list[dict[str, Any]]]:
    table, state = leases.table, leases.state
    wanted = select(table.c.status, state.c.progress).join(state).where(table.c.id == identifier)
    with register.reading() as connection:
        row = connection.execute(wanted).one()
    return str(row.status), list(row.progress)


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=kind, data_str=json.dumps(data))

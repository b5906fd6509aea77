"""One log line and one measurement a request."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import correlation_id
from api.logs import Event, write
from api.metrics import Metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BROKEN_OFF = 0
"""The status of an answer that never began, because the client had gone."""


class RequestLog:
    """Names the route, never the path: a path can hold anything that a client typed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = BROKEN_OFF, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - begun
            # A client may send any word as its method.
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            route = route_name(scope)
            self._metrics.observe(route, method, status, seconds)
            actor = scope.get("state", {}).get("actor")
            write(
                Event.REQUEST,
                route=route,
                method=method,
                status=status,
                milliseconds=round(seconds * 1000, 1),
                correlation_id=correlation_id(scope),
                roles=sorted(actor.roles) if actor is not None else [],
            )


def route_name(scope: Scope) -> str:
    """The matched route's name in the table of permissions; "unmatched" when there was none."""
    name = getattr(scope.get("route"), "name", None)
    return name if isinstance(name, str) and name else "unmatched"

"""What every answer carries: headers that keep browsers careful, and a correlation id."""

from __future__ import annotations

import uuid

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import Settings

ASSETS = "/assets/"
_CORRELATION = "correlation_id"

_SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
        " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: a browser would then not say either which site a form comes from.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TWO_YEARS_S = 63_072_000
_FOR_GOOD = "public, max-age=31536000, immutable"
"""For what has its content's hash in its address."""


def correlation_id(scope: Scope) -> str:
    """The request's id, by which an answer and the lines in our log are found from each other.

    Always our own: one that the client chose could hold anything, and would get into the log.
    """
    state = scope.setdefault("state", {})
    if _CORRELATION not in state:
        state[_CORRELATION] = str(uuid.uuid4())
    return str(state[_CORRELATION])


class SecurityHeaders:
    """Puts the headers on every answer, whatever the route said: what a route leaves out leaks."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = dict(_SECURITY)
        if settings.tls:
            self._headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS_S}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = correlation_id(scope)
        is_asset = scope["path"].startswith(ASSETS)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if is_asset and message["status"] == 200:
                    headers["Cache-Control"] = _FOR_GOOD
                headers["Correlation-Id"] = request_id
            await send(message)

        await self._app(scope, receive, with_headers)

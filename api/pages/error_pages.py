"""Error pages: what a program gets as application/problem+json, a browser gets as a page.

Whoever is signed in keeps the bar at the top. Who is not is sent to where they can be; a form of
theirs that came too late is kept.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages.around import NOBODY, around
from api.problems import MEDIA_TYPE
from api.service.kept_forms import MOST_FORMS

_NOT_SIGNED_IN = frozenset({"no-session", "session-ended"})
API = "/v1/"
_KEPT = ("www-authenticate", "retry-after", "allow")


class ErrorPages:
    """Turns problems into pages for browsers, outside everything that raises them."""

    def __init__(self, app: ASGIApp, of: Any) -> None:
        self._app, self._of = app, of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not wants_page(scope):
            await self._app(scope, receive, send)
            return
        begun: Message | None = None
        body = b""

        async def holding(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start" and _is_problem(message):
                begun = message
            elif begun is None:
                await send(message)
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, holding)
        if begun is not None:
            answer = await run_in_threadpool(self._answer, scope, begun, json.loads(body))
            await answer(scope, receive, send)

    def _answer(self, scope: Scope, begun: Message, told: dict[str, Any]) -> Response:
        status = int(begun["status"])
        if status == 401 and told["code"] in _NOT_SIGNED_IN and scope["method"] in ("GET", "HEAD"):
            return RedirectResponse(f"/sign-in?{urlencode({'to': address(scope)})}", 303)
        text = self._of.state.renderer.render(
            "error.html",
            title=_TITLES.get(status, "Something went wrong"),
            status=status,
            told=told,
            gone_for_it=scope.get("state", {}).get("kept"),
            most_forms=MOST_FORMS,
            to=address(scope) if scope["method"] == "GET" else "/",
            **self._around(scope, status),
        )
        kept = {
            name.decode(): value.decode("latin-1")
            for name, value in begun["headers"]
            if name.decode().lower() in _KEPT
        }
        return HTMLResponse(text, status, headers=kept)

    def _around(self, scope: Scope, status: int) -> dict[str, Any]:
        """What stands around the page. Who asks too fast costs no look for who it is."""
        if status == 401:
            return NOBODY
        # Before the application was reached, the scope does not name it.
        return around(Request({**scope, "app": self._of}), may_look=status != 429)


def wants_page(scope: Scope) -> bool:
    """Whether it is a browser that asks, for something that is not the API's."""
    if scope["path"].startswith(API):
        return False
    accepted = b",".join(v for k, v in scope["headers"] if k.lower() == b"accept")
    return b"text/html" in accepted


def address(scope: Scope) -> str:
    """Path and parameters of the request."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _is_problem(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(MEDIA_TYPE.encode())
        for name, value in message["headers"]
    )


_TITLES = {
    400: "There is a problem with this address or form",
    401: "You are not signed in",
    403: "You cannot do this",
    404: "Page not found",
    405: "There is no page at this address",
    409: "Something has changed",
    412: "Somebody else has changed this",
    413: "This is too large",
    414: "This address is too long",
    421: "The service has another name",
    422: "There is a problem with what was sent",
    429: "Too many requests",
    500: "Sorry, there is a problem with the service",
    503: "The service is not available just now",
}

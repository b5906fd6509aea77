"""Everything that can be raised, turned into a problem; and whatever else is, into a 500."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.complaints import complaints
from api.logs import Event, write_fault
from api.problems import TITLES, Problem, problem, refusal_problem
from api.service.refusals import BusyError, InvalidError, Refusal

_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
# Others that a framework sets could hold what was asked for.
_KEPT_HEADERS = ("allow", "retry-after", "www-authenticate")


class BrokenOffError(Exception):
    """An answer had begun and cannot be finished. Holds nothing of why: the log line does."""


class CatchAll:
    """Answers 500 to what nobody caught. Nothing goes further out, where it would be printed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as fault:
            if scope["type"] != "http":
                raise
            write_fault(Event.FAULT, fault, scope)
            if begun:
                # The connection must be cut, or half an answer would look whole.
                raise BrokenOffError from None
            await problem(scope, 500, "internal", "The fault is in our log under this instance.")(
                scope, receive, send
            )


def add_problem_handlers(app: FastAPI) -> None:
    """Have the application answer every error as a problem, and its description say so."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _does_not_fit)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(NoConnectionError, _database_away)
    _describe(app)


async def _refused(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Refusal)
    return refusal_problem(request.scope, fault)


async def _not_valid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    found = complaints(fault.errors())
    refusal = InvalidError("The request is not valid; complaints says where.", found)
    if left_off := len(fault.errors()) - len(found):
        refusal.extra["left_off"] = left_off
    return refusal_problem(request.scope, refusal)


async def _http(request: Request, fault: Exception) -> Response:
    """The status only: the words may be a library's, with the value in them."""
    assert isinstance(fault, HTTPException)
    status = fault.status_code
    if status in (204, 304):
        return Response(status_code=status)
    title = TITLES.get(status, "Error")
    code = title.lower().replace(" ", "-") if status in TITLES else f"http-{status}"
    kept = {k: v for k, v in (fault.headers or {}).items() if k.lower() in _KEPT_HEADERS}
    if status == 405:
        kept = {"Allow": ", ".join(_methods(request))}
    return problem(request.scope, status, code, f"{title}.", headers=kept)


def _methods(request: Request) -> list[str]:
    """Of every route at this address; the framework tells those of the first alone."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _does_not_fit(request: Request, fault: Exception) -> Response:
    """PostgreSQL keeps to the widths of columns. Bodies are measured before; cells of files not."""
    refusal = InvalidError("A value is longer than the register can keep.", code="does-not-fit")
    return refusal_problem(request.scope, refusal)


async def _database_away(request: Request, fault: Exception) -> Response:
    write_fault(Event.DATABASE_AWAY, fault, request.scope)
    refusal = BusyError("The register cannot be reached just now; nothing was changed.")
    return refusal_problem(request.scope, refusal)


def _describe(app: FastAPI) -> None:
    """Put `Problem` among the schemas, which routes name in `problems()`."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        return schema

    app.openapi = openapi  # type: ignore[method-assign]

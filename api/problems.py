"""Errors as people and programs get them: application/problem+json, RFC 9457."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Scope

from api.headers import correlation_id
from api.service import refusals
from api.service.refusals import Refusal

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[Refusal], int] = {
    refusals.NotThereError: 404,
    refusals.NotAllowedError: 403,
    refusals.NotSignedInError: 401,
    refusals.ConflictError: 409,
    refusals.StaleError: 412,
    refusals.VersionNeededError: 428,
    refusals.UnlawfulError: 422,
    refusals.InvalidError: 422,
    refusals.TooManyError: 429,
    refusals.BusyError: 503,
}
"""What each refusal is in HTTP. One that is not here has its base's; `Refusal` itself is 400."""

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed since",
    413: "Too large",
    414: "Address too long",
    421: "Not served under this name",
    422: "Not valid",
    428: "Version needed",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available just now",
}
_ALWAYS = (401, 403, 422)
_RETRY_S = 5


class Problem(BaseModel):
    """What every error answer holds. Some kinds add fields of their own, such as `complaints`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="A name for the kind of problem; the same for each `code`.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is the matter, for people.")
    code: str = Field(description="What is the matter, for programs.")
    instance: str = Field(description="This request's correlation id. Quote it when you report it.")


def problem(
    scope: Scope,
    status: int,
    code: str,
    detail: str,
    *,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer. `extra` cannot stand in for one of a problem's own fields."""
    own = Problem(
        type=f"urn:allocator:problem:{code}",
        title=TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        instance=f"urn:uuid:{correlation_id(scope)}",
    )
    sent = dict(headers or {})
    if status == 401:
        sent.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(
        {**(extra or {}), **own.model_dump()}, status, headers=sent, media_type=MEDIA_TYPE
    )


def refusal_problem(scope: Scope, refusal: Refusal) -> JSONResponse:
    """The answer to a refusal, with Retry-After where trying again can help."""
    status = next((STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES), 400)
    headers = {}
    if status in (429, 503):
        wait_s = float(refusal.extra.get("retry_after_s", _RETRY_S))
        headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    return problem(
        scope, status, refusal.code, refusal.detail, extra=refusal.extra, headers=headers
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's `responses=`: these statuses, those that any route may give, and a default."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": TITLES[status], "content": content}
        for status in sorted({*_ALWAYS, *statuses})
    }
    told["default"] = {"description": "Any other error", "content": content}
    return told

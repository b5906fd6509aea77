"""Whether the service works, how it does, and who one is to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.access.actor import Role
from api.access.dependencies import Permitted, check_permission, signed_in
from api.logs import Event, write_fault
from api.metrics import CONTENT_TYPE, metrics_text
from api.problems import problems
from api.safe_start import is_loopback
from api.settings import Settings

router = APIRouter(tags=["Service"])

Check = tuple[str, Callable[[], object]]
"""A thing the service needs: its name, and what raises when it is away. See `app.state.checks`."""


class Health(BaseModel):
    """Whether everything that the service needs is there."""

    status: Literal["ok", "failing"]
    checks: dict[str, Literal["ok", "failing"]]


class Me(BaseModel):
    """Whoever the token names."""

    id: str
    name: str
    roles: list[Role]
    is_person: bool
    synthetic: bool = Field(description="Whether the register holds invented people.")


@router.get("/health", responses={503: {"model": Health, "description": "Something is away"}})
def health(request: Request, response: Response) -> Health:
    """Whether the service works. Says nothing of what it holds."""
    checks: list[Check] = request.app.state.checks
    found: dict[str, Literal["ok", "failing"]] = {name: _state(run) for name, run in checks}
    if "failing" in found.values():
        response.status_code = 503
        return Health(status="failing", checks=found)
    return Health(status="ok", checks=found)


def _state(run: Callable[[], object]) -> Literal["ok", "failing"]:
    try:
        run()
    except Exception as fault:
        write_fault(Event.CHECK_FAILED, fault)
        return "failing"
    return "ok"


_FIGURES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Figures", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.get(
    "/metrics",
    responses=_FIGURES | problems(),
    response_class=Response,
    openapi_extra={"security": [{"HTTPBearer": []}, {}]},
)
def metrics(request: Request) -> Response:
    """Figures for Prometheus, which on this machine needs no token."""
    if not _is_this_machine(request):
        check_permission("metrics", signed_in(request))
    return Response(metrics_text(request.app.state.metrics), media_type=CONTENT_TYPE)


def _is_this_machine(request: Request) -> bool:
    """Whether the request began here. One that a proxy here passed on did not."""
    settings: Settings = request.app.state.settings
    passed_on = any(name in request.headers for name in ("forwarded", "via", "x-forwarded-for"))
    if settings.behind_tls_proxy or passed_on or request.client is None:
        return False
    return is_loopback(request.client.host)


@router.get("/v1/me", responses=problems())
def me(request: Request, actor: Permitted) -> Me:
    """Who the service takes you for, and whether the people here are invented."""
    return Me(
        id=actor.id,
        name=actor.name,
        roles=sorted(actor.roles),
        is_person=actor.is_person,
        synthetic=request.app.state.is_synthetic(),
    )

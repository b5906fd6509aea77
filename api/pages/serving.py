"""Serving: the style sheets, scripts and pictures; every page; and what the pages need."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, FastAPI, Request, Response

from api.access.oidc_flow import OidcFlow
from api.headers import ASSETS
from api.pages import (
    advice,
    audit,
    bed_choice,
    bid,
    booking,
    capacity,
    compare,
    decisions,
    disparity,
    escalations,
    files,
    forecast,
    holds,
    last_day,
    premises,
    premises_beds,
    proposal,
    proposals,
    replays,
    risk_form,
    runs,
    sign_in,
    studies,
    study_form,
    transfer,
    verification,
    without_bed,
)
from api.pages.assets import Assets
from api.pages.rendering import Renderer
from api.service.refusals import NotThereError
from api.settings import Settings

ROUTERS = tuple(
    part.router
    for part in (
        *(sign_in, without_bed, bid, risk_form, booking, runs, compare, proposals, proposal),
        *(bed_choice, transfer, last_day),
        *(files, premises, premises_beds, holds, advice, escalations, decisions, disparity),
        *(capacity, study_form, studies, forecast),
        *(audit, verification, replays),
    )
)
"""A new part of the pages is a module with a router, and a place here."""
router = APIRouter()


@router.get(f"{ASSETS}{{name:path}}")
def asset(request: Request, name: str) -> Response:
    """A style sheet, a script or a picture. Nobody's data: open to all."""
    assets: Assets = request.app.state.assets
    found = assets.find(f"{ASSETS}{name}")
    if found is None:
        raise NotThereError("there is no such file")
    return Response(found.content, media_type=found.kind)


def furnish(app: FastAPI, settings: Settings) -> None:
    """Give the application all that the pages need."""
    app.state.assets = _assets()
    app.state.renderer = _renderer()
    pages_sign_in = settings.oidc_client_id is not None
    app.state.oidc_flow = OidcFlow(settings, app.state.tokens) if pages_sign_in else None


@cache
def _assets() -> Assets:
    return Assets()


@cache
def _renderer() -> Renderer:
    """Once a process, because it takes long to compile all templates."""
    return Renderer(_assets())

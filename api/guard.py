"""Puts everything that stands before the routes around an application, in the order that counts."""

from __future__ import annotations

from fastapi import FastAPI

from api.access.local import LocalTokens
from api.access.oidc import OidcTokens
from api.access.tokens import Tokens
from api.headers import SecurityHeaders
from api.limits import Limits
from api.metrics import Metrics
from api.origins import Origins
from api.pages.error_pages import ErrorPages
from api.problem_handlers import CatchAll, add_problem_handlers
from api.rate import Rates
from api.request_log import RequestLog
from api.settings import Settings


def guard(app: FastAPI, settings: Settings, *, rates: Rates | None = None) -> None:
    """Set `app.state` (settings, tokens, rates, metrics, checks …), and add what guards the app."""
    tokens: Tokens = (
        LocalTokens(settings.data_folder, leeway_s=settings.leeway_s)
        if settings.local
        else OidcTokens(settings)
    )
    app.state.settings = settings
    app.state.tokens = tokens
    app.state.rates = rates or Rates(settings)
    app.state.metrics = Metrics()
    app.state.checks = []
    # Whether the register holds invented people; without a register, none.
    app.state.is_synthetic = lambda: False
    add_problem_handlers(app)
    # The last added is the outermost.
    app.add_middleware(Limits, settings=settings, rates=app.state.rates)
    app.add_middleware(Origins, settings=settings)
    app.add_middleware(CatchAll)
    app.add_middleware(ErrorPages, of=app)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders, settings=settings)

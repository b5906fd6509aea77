"""Routes of forecasts: what the register expects of people who are yet to be referred."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, TypeAdapter

from allocator.forecast import Forecast
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import After, Key, Limit, TheRegister, made, once, reading, tagged
from api.routes.lists import page
from api.routes.values_in import value_from
from api.service import forecasts
from api.service.change import Change
from api.service.register import Answer
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import Page
from api.wire.words import Body, Shown

router = APIRouter(prefix="/v1/forecasts", tags=["Holds"])
_FORECAST = TypeAdapter(Forecast)


class NewForecast(Body):
    """A forecast as `allocator forecast` writes it."""

    forecast: dict[str, Any] = Field(description="The whole of forecast.json.")


class ForecastWarning(Shown):
    """Why the forecast may mislead."""

    code: str
    text: str


class ForecastShown(Shown):
    """A forecast, by what it rests on. What it holds of people of the past is told to nobody."""

    id: str
    version: int
    current: bool
    made_by: str
    made_at: datetime
    history_from: date
    history_until: date = Field(description="The day after the last that the history covers.")
    referrals: int
    policy_name: str
    synthetic: bool
    warnings: list[ForecastWarning]


@router.get("", responses=problems())
def list_forecasts(
    register: TheRegister, actor: Permitted, limit: Limit = 50, after: After = None
) -> Page[ForecastShown]:
    """Forecasts, the newest first."""
    with reading(register, actor) as change:
        rows = change.rows("forecast")
        return page(rows, ("-made_at",), limit, after, lambda row: _shown(change, row))


@router.get("/{identifier}", responses=problems(404))
def get_forecasts(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> ForecastShown:
    """One forecast."""
    with reading(register, actor) as change:
        return tagged(_shown(change, change.row("forecast", identifier)), response)


@router.post(
    "",
    status_code=201,
    response_model=ForecastShown,
    responses=problems(409, 413),
    openapi_extra=described(NewForecast),
)
def create_forecast(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    body: Annotated[NewForecast, Depends(body_of(NewForecast))],
) -> Response:
    """Put in a forecast; it is the current one from now on."""
    forecast = value_from(_FORECAST, body.forecast, "forecast")

    def keep(change: Change) -> Answer:
        return made(_shown(change, forecasts.keep(change, forecast)), router.prefix)

    return once(register, actor, request, key, body, keep)


def _shown(change: Change, row: Row) -> ForecastShown:
    told = {k: v for k, v in row.items() if k not in ("policy_digest", "document")}
    found = forecasts.warnings(change.connection, row, change.today, change.policy)
    return ForecastShown(
        **told, warnings=[ForecastWarning(code=each.code, text=each.text) for each in found]
    )

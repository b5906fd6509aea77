"""Routes of forecasts: what the register expects of people who are yet to be referred."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, TypeAdapter
from starlette.datastructures import UploadFile as Upload

from allocator.forecast import Forecast
from api.access.actor import Actor
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import After, Key, Limit, TheRegister, made, reading, reply, tagged
from api.routes.forecast_models import ForecastExpected, expected_told
from api.routes.imports import Many, One, kept_files
from api.routes.lists import page
from api.routes.values_in import value_from
from api.service import forecast_figures, forecasts
from api.service.change import Change
from api.service.refusals import InvalidError
from api.service.register import Answer, Register
from api.store.values import Row
from api.wire.form import check_form, what_came
from api.wire.shown import Page
from api.wire.words import Shown

router = APIRouter(prefix="/v1/forecasts", tags=["Holds"])
_FORECAST = TypeAdapter(Forecast)


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
        return page(rows, ("-made_at",), limit, after, lambda row: forecast_shown(change, row))


@router.get("/{identifier}", responses=problems(404))
def get_forecasts(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> ForecastShown:
    """One forecast."""
    with reading(register, actor) as change:
        return tagged(forecast_shown(change, change.row("forecast", identifier)), response)


@router.get("/{identifier}/expected", responses=problems(404))
def forecast_expected(identifier: str, register: TheRegister, actor: Permitted) -> ForecastExpected:
    """Referrals that the forecast expects from today on: by week, band and region."""
    with reading(register, actor) as change:
        row = change.row("forecast", identifier)
        return expected_told(identifier, forecast_figures.figures(change, row))


@router.post(
    "",
    status_code=201,
    response_model=ForecastShown,
    responses=problems(400, 409, 413),
    dependencies=[Depends(check_form({"forecast"}, {"history"}))],
)
def create_forecast(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    forecast: One = None,
    history: Many = None,
) -> Response:
    """Put in forecast.json, or files of the past to fit one to; it is the current one from now on.

    History files are those of `allocator forecast`, with the same complaints. They are not kept.
    """
    given = {"forecast": [forecast]} if forecast is not None else {}
    given |= {"history": list(history)} if history else {}
    if len(given) != 1:
        raise InvalidError(
            f"send forecast, or history, as multipart/form-data: {what_came(request)}"
        )
    return reply(put_in(register, actor, key, given))


def put_in(
    register: Register, actor: Actor, key: str, given: Mapping[str, Sequence[Upload]]
) -> Answer:
    """Put in what one of `forecast` and `history` holds. Raises InvalidError with every fault."""
    with tempfile.TemporaryDirectory(prefix="forecast-") as folder:
        paths, digests = kept_files(given, Path(folder))
        if "forecast" in paths:
            value = _read(paths["forecast"][0])
        else:
            value = forecasts.fitted(paths["history"], register.policy, register.clock.today())

    def keep(change: Change) -> Answer:
        return made(forecast_shown(change, forecasts.keep(change, value)), router.prefix)

    return register.perform(actor, "create_forecast", key, {"digests": digests}, keep)


def _read(path: Path) -> Forecast:
    try:
        sent = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidError("the forecast file is no JSON") from error
    if not isinstance(sent, dict):
        raise InvalidError("the forecast file is no forecast: it must hold one JSON object")
    return value_from(_FORECAST, sent, "forecast")


def forecast_shown(change: Change, row: Row) -> ForecastShown:
    """What is told of a forecast, with every warning of today."""
    told = {k: v for k, v in row.items() if k not in ("policy_digest", "document")}
    found = forecasts.warnings(change.connection, row, change.today, change.policy)
    return ForecastShown(
        **told, warnings=[ForecastWarning(code=each.code, text=each.text) for each in found]
    )

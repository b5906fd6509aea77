"""Forecast: who is yet to be referred, as the register has it, and a newer one put in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from api.pages.forecast_figures import HEADINGS, rows_of
from api.pages.forecast_figures import shown as shown_figures
from api.pages.taking_away import taken_away
from api.pages.visit import Visit, Visiting
from api.pages.words import refused
from api.routes.asking import reading
from api.routes.forecast_models import expected_told
from api.routes.forecasts import forecast_shown, put_in
from api.service import advising, forecast_figures
from api.service.change import Change
from api.service.refusals import BusyError, ConflictError, InvalidError, NotThereError
from api.store.tables import FORECASTS
from api.store.values import Row

router = APIRouter()
KINDS = ("history", "forecast")
MOST_EARLIER = 20
MOST_FAULTS = 500


@router.get("/capacity/forecast")
def page_forecast(visit: Visiting) -> HTMLResponse:
    """The forecast that is current, earlier ones, and the form to put one in."""
    return _shown(visit)


@router.post("/capacity/forecast")
def page_put_forecast(visit: Visiting) -> Response:
    """Put in files of the past, or a forecast made elsewhere; it is the current one at once."""
    given: dict[str, list[UploadFile]] = {}
    for name, value in visit.form.multi_items():
        if isinstance(value, UploadFile) and value.filename and name in KINDS:
            given.setdefault(name, []).append(value)
    field = next(iter(given), "history")
    if wrong := _wrong(given):
        return _refused(visit, field, wrong)
    try:
        put_in(visit.register, visit.actor, visit.key, given)
    except InvalidError as refusal:
        return _refused(visit, field, refusal.detail, complaints=refusal.extra.get("complaints"))
    except ConflictError as refusal:
        return _refused(visit, field, refusal.detail, 409)
    except BusyError as refusal:
        return _refused(visit, field, refusal.detail, 503)
    return visit.go("/capacity/forecast", "forecast")


@router.get("/capacity/forecast/expected.csv")
def page_expected(visit: Visiting) -> Response:
    """What the current forecast expects, to be taken away."""
    with reading(visit.register, visit.actor) as change:
        row = _current(change)
        if row is None:
            raise NotThereError("There is no forecast: nobody has put one in.")
        told = expected_told(row["id"], forecast_figures.figures(change, row))
    return taken_away(visit, "expected", HEADINGS, rows_of(told), [row["id"]])


def _current(change: Change) -> Row | None:
    """The forecast in use; None: nobody has put one in."""
    return next(iter(change.rows("forecast", FORECASTS.c.current)), None)


def _figures(change: Change, identifier: str) -> dict[str, Any] | None:
    """What it expects; None: its document has been erased."""
    try:
        found = forecast_figures.figures(change, change.row("forecast", identifier))
    except NotThereError:
        return None
    return shown_figures(expected_told(identifier, found), change.policy)


def _wrong(given: dict[str, list[UploadFile]]) -> str:
    if not given:
        return "Choose the files of the past, or a forecast"
    if len(given) > 1:
        return "Choose the files of the past or a forecast, and not both"
    return "Choose one forecast" if len(given.get("forecast", ())) > 1 else ""


def _refused(
    visit: Visit, field: str, words: str, status: int = 422, complaints: Any = None
) -> HTMLResponse:
    """The page again; what is wrong in a file stands in a table of rows, or in a list of places."""
    found = list(complaints or ())
    of_rows = [each for each in found if "wrong" in each]
    told = refused(words)
    return _shown(
        visit,
        status,
        error_summary=[{"text": told, "href": "#faults" if found else f"#{field}"}],
        errors={field: told},
        complaints=of_rows[:MOST_FAULTS],
        left_off=max(0, len(of_rows) - MOST_FAULTS),
        places=[each for each in found if "where" in each][:MOST_FAULTS],
    )


def _shown(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        rows = sorted(change.rows("forecast"), key=lambda row: row["made_at"], reverse=True)
        row = _current(change)
        current = None if row is None else forecast_shown(change, row)
        policy = change.policy.name
        figures = _figures(change, current.id) if current is not None else None
        advised = advising.last_by(change.connection, current.id) if current is not None else None
    shown: dict[str, Any] = {
        "title": "Who is yet to come",
        "current": current,
        "earlier": [row for row in rows if not row["current"]][:MOST_EARLIER],
        "policy": policy,
        "figures": figures,
        "advised_run": advised,
        "one_day": timedelta(days=1),
        "errors": {},
        "complaints": [],
        "left_off": 0,
        "places": [],
        **more,
    }
    return visit.page("forecast.html", status, **shown)

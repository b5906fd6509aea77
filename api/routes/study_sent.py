"""Study sent: a request for a study as a scenario file's keys and values, however it came."""

from __future__ import annotations

import io
import json
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from allocator.forecast import FORECAST_VERSION, Forecast
from allocator.problem import Problem
from allocator.scenario.fault import Path
from allocator.scenario.file import Questions
from allocator.scenario.yaml_text import read_yaml
from api.routes.study_models import SimulationSettings, StartStudy
from api.routes.values_in import value_from
from api.service.refusals import InvalidError
from api.service.studies import SYNTHETIC
from api.service.study_asking import Sent
from api.wire.body import unkeepable
from api.wire.bounds import LONG_TEXTS

_PROBLEM = TypeAdapter(Problem)
_FORECAST = TypeAdapter(Forecast)
AS_YAML, AS_JSON = "scenario.yaml", "simulation.json"
OF_BASE = ("size", "seed", "load", "windows", "known", "forecast_factor", "policy")


def sent_of(body: StartStudy) -> Sent:
    """What was sent. Raises InvalidError for text that is not YAML, and values of another kind."""
    problem = None if body.problem is None else value_from(_PROBLEM, body.problem, "problem")
    forecast = None if body.forecast is None else _forecast(body.forecast)
    asked = body.questions
    data: Any
    lines: dict[Path, int] = {}
    places: dict[Path, str] = {}
    if body.simulation is not None:
        field, data = (
            "simulation",
            _as_scenario(body.simulation, forecast is not None or body.history is not None),
        )
        text = json.dumps(body.simulation.model_dump(mode="json"), indent=1).encode()
        name = AS_JSON
        places = {("base", each): each for each in OF_BASE} | {
            ("base", "problem"): "estate",
            ("base", "forecast"): "estate",
            ("base",): "estate",
            ("replications",): "years",
        }
    elif body.scenario_yaml is not None:
        field, name, text = "scenario_yaml", AS_YAML, body.scenario_yaml.encode()
        data, lines = _read(body.scenario_yaml)
    else:
        field, name, data = "scenario", AS_YAML, body.scenario
        _require_short(data)
        text = _written(data)
    found = unkeepable(data, field)
    if found:
        raise InvalidError("The request is not valid; complaints says where.", found)
    return Sent(
        kind=body.kind,
        name=body.name,
        data=data,
        field=field,
        as_asked=(name, text),
        lines=lines,
        problem=problem,
        forecast=forecast,
        history=body.history,
        questions=Questions(asked.method, asked.best_sites, asked.closures, asked.enough_beds),
        places=places,
    )


def _forecast(sent: dict[str, Any]) -> Forecast:
    # What another version holds would be told as so many faults.
    if sent.get("version") != FORECAST_VERSION:
        words = f"This is not a forecast of version {FORECAST_VERSION}."
        told = {"where": "forecast.version", "message": words, "kind": "version"}
        raise InvalidError("The request is not valid; complaints says where.", [told])
    return value_from(_FORECAST, sent, "forecast")


def _read(text: str) -> tuple[Any, dict[Path, int]]:
    read = read_yaml(text)
    if read.faults:
        raise InvalidError(
            "The text is not a scenario file; complaints says where.",
            [
                {
                    "where": "scenario_yaml",
                    "message": fault.text,
                    "kind": "yaml",
                    **({} if fault.line is None else {"line": fault.line}),
                }
                for fault in read.faults
            ],
        )
    return read.data, read.lines


def _require_short(data: Any) -> None:
    """Raise InvalidError for what would be too long as text: writing and looking at it takes as
    long.
    """
    most = LONG_TEXTS["scenario_yaml"]
    if len(json.dumps(data, ensure_ascii=False)) > most:
        words = f"longer than {most:,} characters"
        told = {"where": "scenario", "message": words, "kind": "too_long"}
        raise InvalidError("The request is not valid; complaints says where.", [told])


def _written(data: Any) -> bytes:
    """Keys and values as a scenario file, for whoever takes it away."""
    found = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(data, found)
    return found.getvalue().encode()


def _as_scenario(asked: SimulationSettings, has_forecast: bool) -> dict[str, Any]:
    """The same years as those of a file without scenarios, with what was sent and no more: what
    has no part in such an estate is refused, and only who sent it should hear of it.
    """
    sent = asked.model_fields_set
    base: dict[str, Any] = {name: getattr(asked, name) for name in OF_BASE if name in sent}
    if asked.estate != SYNTHETIC:
        base["problem"] = asked.estate
    if has_forecast:
        base["forecast"] = "sent"
    return {
        "version": 1,
        "base": base,
        "methods": asked.methods,
        "replications": asked.years,
        "days": asked.days,
        "warm_up_days": asked.warm_up_days,
    }

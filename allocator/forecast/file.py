"""forecast.json: the forecast, read and written through Pydantic; keys it does not know are faults.

The file holds personal data in substance (docs/forecast.md): the needs of people of the past.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from allocator.errors import UnreadableFile
from allocator.forecast.forecast import FORECAST_VERSION, Forecast
from allocator.whole_file import write_whole

_FORECAST = TypeAdapter(Forecast)
SHOWN_FAULTS = 20


def forecast_to_json(forecast: Forecast) -> bytes:
    """The canonical text: equal forecasts give equal bytes."""
    return _FORECAST.dump_json(forecast, indent=1)


def forecast_from_json(text: bytes) -> Forecast:
    """A forecast that `forecast_to_json` wrote. Raises ValidationError."""
    return _FORECAST.validate_json(text)


def write_forecast(forecast: Forecast, path: Path) -> None:
    """Write the file whole or not at all. Raises OSError."""
    write_whole(path, forecast_to_json(forecast))


def read_forecast(path: Path) -> Forecast:
    """A forecast from its file. Raises UnreadableFile with every fault found."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror})") from error
    _refuse_another_version(path, data)
    try:
        return _FORECAST.validate_json(data)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)[:SHOWN_FAULTS]
        ]
        raise UnreadableFile(f"{path} is not a forecast file:\n  " + "\n  ".join(faults)) from error


def _refuse_another_version(path: Path, data: bytes) -> None:
    """Before the rest is read: what another version holds would be told as so many faults."""
    try:
        found = from_json(data)
    except ValueError:
        return  # that it is no JSON at all is told with its line
    if not isinstance(found, dict) or not {"version", "total", "cells"} <= set(found):
        raise UnreadableFile(f"{path} is not a forecast file: it lacks version, total or cells")
    if found["version"] != FORECAST_VERSION:
        raise UnreadableFile(
            f"{path}: forecast version {found['version']}; this allocator reads version "
            f"{FORECAST_VERSION}"
        )

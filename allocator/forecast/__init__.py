"""Forecasts: who will be referred, by band, region, sex and AP type, from those who have been.

`allocator.forecast.fit` makes one. It is not loaded here: what it fits with takes long to load, and
most who have a forecast were given it.
"""

from allocator.forecast.expected import Expected, expected, expected_by_region
from allocator.forecast.file import (
    forecast_from_json,
    forecast_to_json,
    read_forecast,
    write_forecast,
)
from allocator.forecast.forecast import FORECAST_VERSION, Forecast

__all__ = [
    "FORECAST_VERSION",
    "Expected",
    "Forecast",
    "expected",
    "expected_by_region",
    "forecast_from_json",
    "forecast_to_json",
    "read_forecast",
    "write_forecast",
]

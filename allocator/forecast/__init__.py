"""Forecasts: who will be referred, by band, region, sex and AP type, from those who have been."""

from allocator.forecast.expected import Expected, expected, expected_by_region
from allocator.forecast.file import (
    forecast_from_json,
    forecast_to_json,
    read_forecast,
    write_forecast,
)
from allocator.forecast.fit import fit
from allocator.forecast.forecast import FORECAST_VERSION, Forecast

__all__ = [
    "FORECAST_VERSION",
    "Expected",
    "Forecast",
    "expected",
    "expected_by_region",
    "fit",
    "forecast_from_json",
    "forecast_to_json",
    "read_forecast",
    "write_forecast",
]

"""Forecast models: what a forecast expects, as it is told: a line for each count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import Field

from allocator.forecast.expected import Range
from api.service.forecast_figures import REGION_WEEKS, Figures
from api.wire.words import Shown


class ExpectedCount(Shown):
    """So many referrals made on these days: the mean, and what 95 of 100 drawn futures lie in."""

    first_day: date
    last_day: date
    band: int | None = Field(description="Null: all bands.")
    region: str | None = Field(description="Of home. Null: all regions; empty: not known.")
    mean: float
    low: float
    high: float


class ExpectedRate(Shown):
    """Mean referrals a week, and how surely that is known; chance is not in the interval."""

    band: int | None = Field(description="Null: all bands.")
    mean: float
    low: float
    high: float


class RestsOn(Shown):
    """What was kept of the history, pooled, or taken from a prior."""

    about: str
    kind: str
    text: str


class ForecastExpected(Shown):
    """What a forecast expects from today on, if the process stays as the history has it."""

    forecast_id: str
    first_day: date
    rates: list[ExpectedRate]
    weeks: list[ExpectedCount] = Field(description="Each week, by band.")
    periods: list[ExpectedCount] = Field(description="Weeks taken together, by band.")
    regions: list[ExpectedCount] = Field(description="The next weeks together, by region and band.")
    rests_on: list[RestsOn]


def expected_told(forecast_id: str, found: Figures) -> ForecastExpected:
    """The figures as an answer."""
    told = found.expected
    return ForecastExpected(
        forecast_id=forecast_id,
        first_day=told.first,
        rates=[
            ExpectedRate(
                band=band or None, mean=_2(each.mean), low=_2(each.low), high=_2(each.high)
            )
            for band, each in told.rate.items()
        ],
        weeks=[
            _count(told.first + timedelta(weeks=n), 1, band, None, each)
            for band, weeks in told.weekly.items()
            for n, each in enumerate(weeks)
        ],
        periods=[
            _count(told.first, weeks, band, None, each)
            for weeks, bands in told.totals.items()
            for band, each in bands.items()
        ],
        regions=list(_regions(found)),
        rests_on=[RestsOn(about=a, kind=kind, text=text) for a, kind, text in found.rests_on],
    )


def _regions(found: Figures) -> Iterator[ExpectedCount]:
    for region, bands in found.regions.items():
        for band, each in bands.items():
            yield _count(found.expected.first, REGION_WEEKS, band, region, each)


def _count(first: date, weeks: int, band: int, region: str | None, found: Range) -> ExpectedCount:
    return ExpectedCount(
        first_day=first,
        last_day=first + timedelta(weeks=weeks, days=-1),
        band=band or None,
        region=region,
        mean=_2(found.mean),
        low=_2(found.low),
        high=_2(found.high),
    )


def _2(value: float) -> float:
    return round(value, 2)

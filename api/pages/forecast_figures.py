"""Forecast figures: what a forecast expects, as tables, a picture of the weeks, and a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allocator.export.table import Cell
from allocator.forecast.expected import DRAWS
from allocator.policy import Policy
from api.pages.round_numbers import round_numbers
from api.pages.words import AP_TYPES, counted, sentence
from api.routes.forecast_models import ExpectedCount, ForecastExpected
from api.service.forecast_figures import REGION_WEEKS

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 220, 44, 20, 24
NOT_KNOWN = "Not known"
HEADINGS = ("first_day", "last_day", "band", "region", "mean", "low", "high")
"""Of the file."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the picture: its parts by band from below, and the interval of all bands."""

    first: date
    x: float
    width: float
    parts: tuple[tuple[int, float, float], ...]
    """Band, top and height."""
    low: float
    high: float
    label: str


def shown(told: ForecastExpected, policy: Policy) -> dict[str, Any]:
    """What the template is told."""
    bands = [band.number for band in policy.bands]
    weeks = sorted({each.first_day for each in told.weeks})
    by_week = {(each.first_day, each.band): each for each in told.weeks}
    lasts = sorted({each.last_day for each in told.periods})
    by_period = {(each.last_day, each.band): each for each in told.periods}
    rates = {each.band: each for each in told.rates}
    regions = sorted(
        {each.region or "" for each in told.regions}, key=lambda name: (not name, name)
    )
    by_region = {(each.region, each.band): each for each in told.regions}
    every: list[int | None] = [*bands, None]
    most = max((by_week[week, None].high for week in weeks), default=0.0)
    return {
        "bands": every,
        "names": {None: "All bands"}
        | {b.number: f"Band {b.number}: {b.name}" for b in policy.bands},
        "first_day": told.first_day,
        "rates": rates,
        "periods": [
            (counted(_weeks(told.first_day, last), "week"), [by_period[last, b] for b in every])
            for last in lasts
        ],
        "weeks": [(week, [by_week[week, b] for b in every]) for week in weeks],
        "regions": [
            (region or NOT_KNOWN, [by_region[region, b] for b in every]) for region in regions
        ],
        "region_weeks": REGION_WEEKS,
        "draws": DRAWS,
        "bars": _bars(weeks, by_week, bands, most),
        "lines": _lines(most),
        "size": (WIDTH, HEIGHT, LEFT, BOTTOM),
        "rests_on": [(sentence(each.about), each.kind, _said(each.text)) for each in told.rests_on],
    }


def _said(text: str) -> str:
    """With kinds of premises as people say them; “normal” is a word of its own."""
    for code, words in AP_TYPES.items():
        if code != "normal":
            text = re.sub(rf"\b{code}\b", words, text)
    return text


def _weeks(first: date, last: date) -> int:
    return ((last - first).days + 1) // 7


def _bars(
    weeks: Sequence[date], by_week: dict[Any, ExpectedCount], bands: list[int], most: float
) -> list[Bar]:
    step = (WIDTH - LEFT) / max(1, len(weeks))
    found = []
    for n, week in enumerate(weeks):
        base, parts = 0.0, []
        for band in reversed(bands):
            mean = by_week[week, band].mean
            parts.append((band, _y(base + mean, most), _y(base, most) - _y(base + mean, most)))
            base += mean
        every = by_week[week, None]
        label = f"{week.day} {week:%b}" if n % 4 == 0 else ""
        x = LEFT + n * step
        found.append(
            Bar(week, x, step * 0.7, tuple(parts), _y(every.low, most), _y(every.high, most), label)
        )
    return found


def _lines(most: float) -> list[tuple[int, float]]:
    """Round numbers beside the picture, and where they stand."""
    return [(n, _y(n, most)) for n in round_numbers(most)]


def _y(value: float, most: float) -> float:
    tall = HEIGHT - BOTTOM
    return round(tall - (tall - TOP) * value / most if most else tall, 1)


def rows_of(told: ForecastExpected) -> Iterator[tuple[Cell, ...]]:
    """Every count as a row of the file."""
    for each in (*told.weeks, *told.periods, *told.regions):
        yield (
            each.first_day,
            each.last_day,
            "all" if each.band is None else each.band,
            "all" if each.region is None else each.region or NOT_KNOWN.lower(),
            *(each.mean, each.low, each.high),
        )

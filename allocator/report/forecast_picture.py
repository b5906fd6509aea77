"""The picture of a forecast: weekly counts by band, the fitted line, and the weeks to come."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import vl_convert

from allocator.forecast.expected import Expected, fitted
from allocator.forecast.forecast import Forecast
from allocator.forecast.weekly import WEEK
from allocator.report.charts import STATE_COLOURS, spec_of, svg_of

LABEL = "Referrals a week: dots counted, lines fitted and expected, shade 95 % of futures."
WIDTH, HEIGHT = 640, 110
PNG_SCALE = 2.0
PAST_WEEKS = 156
"""Weeks of the past that are drawn: three years; more would be a blur."""
_DARK, _LIGHT, _WARM = STATE_COLOURS
SUFFIXES = (".svg", ".png")


def forecast_picture(forecast: Forecast, expected: Expected, suffix: str) -> bytes:
    """An SVG or PNG file, one row a band. Raises ValueError for another suffix."""
    made_up = " Synthetic." if forecast.basis.synthetic else ""
    title = f"{LABEL}{made_up}"
    chart = alt.vconcat(
        *(_row(forecast, expected, band) for band in (0, *forecast.bands)),
        spacing=8,
        title=alt.Title(title, anchor="start", fontSize=13, fontWeight="normal"),
    )
    if suffix.casefold() == ".png":
        png: bytes = vl_convert.vegalite_to_png(spec_of(chart), scale=PNG_SCALE)
        return png
    if suffix.casefold() == ".svg":
        return svg_of(chart, title).encode()
    raise ValueError(f"a picture is one of {', '.join(SUFFIXES)}, not {suffix}")


def _row(forecast: Forecast, expected: Expected, band: int) -> alt.LayerChart | alt.FacetChart:
    """One band, or all under band 0: dots counted, a line fitted or expected, an interval."""
    title = f"Band {band}" if band else "All bands"
    x = alt.X("week:T", title=None)
    y = alt.Y("referrals:Q", title="a week", scale=alt.Scale(zero=True))
    dots = alt.Chart(_past(forecast, band)).mark_point(
        color=_DARK, filled=True, size=12, opacity=0.6
    )
    line = alt.Chart(_fitted(forecast, band)).mark_line(color=_DARK)
    area = alt.Chart(_ahead(expected, band)).mark_area(color=_LIGHT, opacity=0.5)
    mean = alt.Chart(_ahead(expected, band)).mark_line(color=_WARM)
    return alt.layer(
        area.encode(x=x, y=alt.Y("low:Q", title="a week"), y2="high:Q"),
        dots.encode(x=x, y=y),
        line.encode(x=x, y=y),
        mean.encode(x=x, y=y),
    ).properties(width=WIDTH, height=HEIGHT, title=alt.Title(title, anchor="start", fontSize=13))


def _past(forecast: Forecast, band: int) -> alt.InlineData:
    weekly = forecast.basis.weekly
    counts = weekly[band - 1] if band else [sum(week) for week in zip(*weekly, strict=True)]
    return _series(forecast, [float(count) for count in counts])


def _fitted(forecast: Forecast, band: int) -> alt.InlineData:
    return _series(forecast, fitted(forecast)[band])


def _series(forecast: Forecast, values: list[float]) -> alt.InlineData:
    rows = [
        {"week": _day(forecast.basis.counts_from, n), "referrals": value}
        for n, value in enumerate(values)
    ]
    return alt.InlineData(values=rows[-PAST_WEEKS:])


def _ahead(expected: Expected, band: int) -> alt.InlineData:
    rows = [
        {
            "week": _day(expected.first, n),
            "referrals": week.mean,
            "low": week.low,
            "high": week.high,
        }
        for n, week in enumerate(expected.weekly[band])
    ]
    return alt.InlineData(values=rows)


def _day(first: date, week: int) -> str:
    return (first + timedelta(days=WEEK * week)).isoformat()

"""Bar charts as SVG text, drawn here and now: the page needs no script for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

from allocator.export.placed import Placed
from allocator.export.totals import BandTotal

FONT = "Arial, Helvetica, sans-serif"
_TEXT = {"labelFontSize": 13, "titleFontSize": 13}
AnyChart = alt.Chart | alt.LayerChart | alt.VConcatChart
STATES = ("firm", "provisional", "without a bed")
STATE_COLOURS = ("#12436d", "#7ba7d0", "#f46a25")
"""Dark, light and warm: they differ in lightness too, for print and for the colour-blind."""
MILES_A_BAR = 10
MOST_BARS = 31


def bands_chart(totals: Sequence[BandTotal]) -> Markup:
    """People of each band: firm, provisional, without a bed; each bar carries its number."""
    rows = [
        {"band": f"Band {total.number}", "state": state, "order": order, "people": people}
        for total in totals
        for order, (state, people) in enumerate(
            zip(STATES, (total.firm, total.provisional, total.without_bed), strict=True)
        )
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("band:N", title=None, sort=None),
        x=alt.X(
            "people:Q", title="People", stack="zero", axis=alt.Axis(format=",d", tickMinStep=1)
        ),
        order=alt.Order("order:Q"),
    )
    bars = base.mark_bar(stroke="white").encode(
        color=alt.Color(
            "state:N",
            title=None,
            sort=list(STATES),
            scale=alt.Scale(domain=list(STATES), range=list(STATE_COLOURS)),
            legend=alt.Legend(orient="top"),
        )
    )
    chart = bars.properties(width=520, height=34 * max(1, len(totals)))
    return svg_of(chart, "Bar chart: people in each band, firm, provisional and without a bed.")


def miles_bars(placed: Sequence[Placed]) -> tuple[tuple[str, int], ...]:
    """People by miles from home, ten miles a bar; the last bar may hold all who go further."""
    known = [p.miles for p in placed if p.miles is not None]
    if not known:
        return ()
    bars = min(MOST_BARS, int(max(known)) // MILES_A_BAR + 1)
    counts = [0] * bars
    for miles in known:
        counts[min(bars - 1, int(miles) // MILES_A_BAR)] += 1
    further = int(max(known)) // MILES_A_BAR + 1 > bars
    return tuple(
        (_range(index, further and index == bars - 1), count) for index, count in enumerate(counts)
    )


def miles_chart(bars: Sequence[tuple[str, int]]) -> Markup:
    """The bars of `miles_bars`."""
    rows = [{"miles": name, "people": count} for name, count in bars]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(color=STATE_COLOURS[0])
        .encode(
            x=alt.X("miles:N", title="Miles from home", sort=None, axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("people:Q", title="People", axis=alt.Axis(format=",d", tickMinStep=1)),
        )
        .properties(width=alt.Step(20), height=200)
    )
    return svg_of(chart, "Bar chart: how many people are placed how many miles from home.")


def _range(index: int, and_further: bool) -> str:
    first = index * MILES_A_BAR
    return f"{first} or more" if and_further else f"{first} to {first + MILES_A_BAR}"


def svg_of(chart: AnyChart, label: str) -> Markup:
    """The chart with a label for those who cannot see it; it scales down with the page."""
    svg: str = vl_convert.vegalite_to_svg(spec_of(chart))
    # Roles of the single marks have no names: for a reader the chart is one picture.
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    named = re.sub(r"^<svg", f'<svg role="img" aria-label="{escape(label)}"', svg.strip(), count=1)
    return Markup(named)


def spec_of(chart: AnyChart) -> dict[str, Any]:
    """The chart's specification, with the fonts and colours of the house."""
    config = {"font": FONT, "aria": False, "view": {"stroke": None}, "axis": _TEXT, "legend": _TEXT}
    return {**chart.to_dict(validate=False), "config": config, "background": "white"}

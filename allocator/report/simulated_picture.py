"""The picture of simulated years: who had a bed on the night of release, by method and band."""

from __future__ import annotations

from math import isnan

import altair as alt

from allocator.export.simulated import Years
from allocator.plain_words import percent
from allocator.report.charts import STATE_COLOURS, svg_of
from allocator.simulate.about import About
from allocator.simulate.compare import interval, on_the_day, share_of

HEIGHT = 26
DARK, LIGHT, _ = STATE_COLOURS


def simulated_picture(years: Years, about: About) -> bytes:
    """An SVG file: one panel a band, a dot and an interval a method.

    A band of which nobody asked under a method has no dot there.
    """
    tallies = next(iter(years.values()))
    first = tallies[0]
    panels = [_band(years, band.band) for band in first.bands]
    what = (
        "Synthetic data: invented people and estate."
        if about.synthetic_estate
        else "Synthetic people in the estate of a file."
    )
    ways = "with 95 % intervals over simulated years" if len(tallies) > 1 else "in one year"
    label = (
        "For each band, the share of people with a bed on the night of release under each method, "
        f"{ways}. {what}"
    )
    chart = alt.vconcat(*panels, spacing=10, title=alt.Title(what, anchor="start", fontSize=13))
    return svg_of(chart, label).encode()


def _band(years: Years, band: int) -> alt.LayerChart | alt.FacetChart:
    rows = []
    for method, tallies in years.items():
        share = share_of(interval([on_the_day(band)(tally) for tally in tallies]))
        known = not isnan(share.mean)
        mean = 100 * share.mean if known else None
        rows.append(
            {
                "method": method,
                "share": mean,
                "low": mean if share.low is None else 100 * share.low,
                "high": mean if share.high is None else 100 * share.high,
                "at": 0 if mean is None else mean if share.high is None else 100 * share.high,
                "text": f"{percent(share.mean)} %" if mean is not None else "nobody asked",
            }
        )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("method:N", title=None, sort=None))
    scale = alt.Scale(domain=[0, 100])
    width = base.mark_rule(color=LIGHT, strokeWidth=6).encode(
        x=alt.X("low:Q", title="% with a bed on the night of release: more is better", scale=scale),
        x2="high:Q",
    )
    dots = base.mark_point(color=DARK, filled=True, size=60).encode(x=alt.X("share:Q", scale=scale))
    text = base.mark_text(align="left", dx=10).encode(x="at:Q", text="text:N")
    return alt.layer(width, dots, text).properties(
        width=520,
        height=HEIGHT * len(years),
        title=alt.Title(f"Band {band}", anchor="start", fontSize=13),
    )

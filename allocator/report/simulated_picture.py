"""The picture of simulated years: who had a bed on the night of release, by method and band."""

from __future__ import annotations

import altair as alt

from allocator.export.simulated import Years
from allocator.report.charts import STATE_COLOURS, svg_of
from allocator.simulate.compare import interval, on_the_day

HEIGHT = 26
DARK, LIGHT, _ = STATE_COLOURS


def simulated_picture(years: Years) -> bytes:
    """An SVG file: one panel a band, a dot and an interval a method."""
    first = next(iter(years.values()))[0]
    panels = [_band(years, band.band) for band in first.bands]
    label = (
        "For each band, the share of people with a bed on the night of release under each method, "
        "with 95 % intervals over simulated years."
    )
    return svg_of(alt.vconcat(*panels, spacing=10), label).encode()


def _band(years: Years, band: int) -> alt.LayerChart | alt.FacetChart:
    rows = []
    for method, tallies in years.items():
        share = interval([100 * on_the_day(band)(tally) for tally in tallies])
        low = share.mean if share.low is None else share.low
        high = share.mean if share.high is None else share.high
        rows.append(
            {
                "method": method,
                "share": share.mean,
                "low": max(0.0, low),
                "high": min(100.0, high),
                "text": f"{share.mean:.0f} %",
            }
        )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("method:N", title=None, sort=None))
    scale = alt.Scale(domain=[0, 100])
    width = base.mark_rule(color=LIGHT, strokeWidth=6).encode(
        x=alt.X("low:Q", title="% with a bed on the night of release", scale=scale), x2="high:Q"
    )
    dots = base.mark_point(color=DARK, filled=True, size=60).encode(x=alt.X("share:Q", scale=scale))
    text = base.mark_text(align="left", dx=10).encode(x="high:Q", text="text:N")
    return alt.layer(width, dots, text).properties(
        width=520,
        height=HEIGHT * len(years),
        title=alt.Title(f"Band {band}", anchor="start", fontSize=13),
    )

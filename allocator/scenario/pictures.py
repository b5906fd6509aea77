"""Pictures of a study: differences to the base, and people without a bed by cause."""

from __future__ import annotations

from typing import Any

import altair as alt
from markupsafe import Markup

from allocator.report.charts import STATE_COLOURS, svg_of
from allocator.scenario.csv_files import bands_of
from allocator.scenario.figures import Told, change_of, figures
from allocator.scenario.file import BASE
from allocator.scenario.ledger_table import by_cause
from allocator.scenario.study import Study

HEIGHT = 26
CAUSE_WIDTH = 420
"""Pixels that the words of a cause may take."""
DARK, LIGHT, WARM = STATE_COLOURS


def differences_chart(study: Study, name: str) -> Markup:
    """A panel a method: each scenario's difference of one figure to the base, with its interval."""
    told = next(each for each in figures(bands_of(study)) if each.name == name)
    by_method = {method: _rows(study, method, told) for method in study.file.methods}
    every = [row for rows in by_method.values() for row in rows]
    # One scale for all methods, so that lengths can be compared; nothing is always on it.
    ends = [0.0, *(row[end] for row in every for end in ("low", "high"))]
    scale = alt.Scale(domain=[min(ends), max(ends)], nice=True)
    panels = [_panel(method, rows, told, scale) for method, rows in by_method.items()]
    unit = "points" if told.share else told.unit
    over = "years, with 95 % intervals" if study.file.replications > 1 else "year"
    label = (
        f"{told.words}, {unit}, {told.better} is better: each scenario less the base over the same "
        f"simulated {over}."
    )
    return svg_of(alt.vconcat(*panels, spacing=12), label)


def _rows(study: Study, method: str, told: Told) -> list[dict[str, Any]]:
    times = 100 if told.share else 1
    rows: list[dict[str, Any]] = []
    for scenario in study.scenarios:
        if scenario == BASE:
            continue
        found = change_of(told, study.tallies(scenario, method), study.tallies(BASE, method))
        if found is not None:
            low = found.mean if found.low is None else found.low
            high = found.mean if found.high is None else found.high
            rows.append(
                {
                    "scenario": scenario,
                    "mean": times * found.mean,
                    "low": times * low,
                    "high": times * high,
                    "text": f"{times * found.mean:+,.1f}",
                }
            )
    return rows


def _panel(
    method: str, rows: list[dict[str, Any]], told: Told, scale: alt.Scale
) -> alt.LayerChart | alt.FacetChart:
    side = "right" if told.better == "more" else "left"
    unit = "points" if told.share else told.unit
    title = f"{told.words}, less the base ({unit}); {told.better} is better: to the {side}"
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("scenario:N", title=None, sort=None)
    )
    width = base.mark_rule(color=LIGHT, strokeWidth=6).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q"
    )
    dots = base.mark_point(color=DARK, filled=True, size=60).encode(x=alt.X("mean:Q", scale=scale))
    text = base.mark_text(align="left", dx=10).encode(x=alt.X("high:Q", scale=scale), text="text:N")
    nothing = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color="#0b0c0c", strokeDash=[3, 3])
        .encode(x=alt.X("zero:Q", scale=scale))
    )
    return alt.layer(nothing, width, dots, text).properties(
        width=520,
        height=HEIGHT * max(1, len(rows)),
        title=alt.Title(method, anchor="start", fontSize=13),
    )


def causes_chart(study: Study, scenario: str, method: str) -> Markup:
    """People without a bed in a simulated year, by cause, the bands in one bar."""
    bands = bands_of(study)
    rows = [
        {"cause": cause.value, "band": f"Band {band}", "order": band, "people": count}
        for cause, people, _ in by_cause(study.years[scenario, method], bands)
        for band, count in people.items()
    ]
    names = [f"Band {band}" for band in bands]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(stroke="white")
        .encode(
            y=alt.Y("cause:N", title=None, sort=None, axis=alt.Axis(labelLimit=CAUSE_WIDTH)),
            x=alt.X("people:Q", title="People without a bed in a simulated year", stack="zero"),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "band:N",
                title=None,
                sort=names,
                scale=alt.Scale(
                    domain=names, range=["#12436d", "#7ba7d0", "#f46a25", "#bfbfbf"][: len(names)]
                ),
                legend=alt.Legend(orient="top"),
            ),
        )
        .properties(width=420, height=HEIGHT * max(1, len({row["cause"] for row in rows})))
    )
    return svg_of(chart, f"Bar chart: people without a bed by cause, {scenario}, method {method}.")

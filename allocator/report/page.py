"""The report: one plan on one page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from markupsafe import Markup

from allocator.export import words
from allocator.export.attention import needs_attention, notes_by_code
from allocator.export.placed import Placed, placed_people
from allocator.export.shown_levels import shown_levels
from allocator.export.totals import all_bands, band_totals
from allocator.export.unplaced import unplaced_people
from allocator.geography.outcodes import ATTRIBUTION
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.report.charts import bands_chart, miles_bars, miles_chart
from allocator.report.decisions import decisions
from allocator.report.environment import environment
from allocator.report.map_picture import map_picture
from allocator.report.occupancy import USES, occupancy
from allocator.report.occupancy_picture import occupancy_picture
from allocator.rules import SENTENCES


def page_html(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    reasons: Mapping[str, str] | None = None,
    advised: Mapping[str, str] | None = None,
) -> str:
    """The page. It says that the plan passed the referee: allocator.report.checked sees to that.

    `reasons`: main reason by referral id for those without a bed. `advised`: see `placed_people`.
    """
    placed = placed_people(plan, problem, policy, advised)
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            plan=plan,
            problem=problem,
            policy=policy,
            words=words,
            levels=shown_levels(plan, problem, policy),
            css=_stylesheet(),
            unplaced=unplaced_people(plan, problem, policy, reasons),
            rules=SENTENCES,
            decisions=decisions(placed, plan.as_of),
            **_figures(plan, problem, policy, placed),
            **_occupancy(plan, problem),
            **_notes(plan, problem, policy),
            map=map_picture(placed),
            attribution=ATTRIBUTION,
        )
    )


def _figures(
    plan: Plan, problem: Problem, policy: Policy, placed: tuple[Placed, ...]
) -> dict[str, Any]:
    bands = band_totals(plan, problem, policy, placed)
    total = all_bands(problem, placed)
    bars = miles_bars(placed)
    return {
        "total": total,
        "rows_of_bands": (*bands, total),
        "bands_chart": bands_chart(bands) if problem.referrals else None,
        "miles_bars": bars,
        "miles_chart": miles_chart(bars) if bars else None,
    }


def _occupancy(plan: Plan, problem: Problem) -> dict[str, Any]:
    weeks = occupancy(plan, problem)
    return {
        "occupancy": weeks,
        "areas": tuple(
            (area, rows, occupancy_picture(rows, weeks.starts))
            for area, rows in weeks.by_area().items()
        ),
        "uses": tuple((use, _USE_WORDS[use.name]) for use in USES),
    }


def _notes(plan: Plan, problem: Problem, policy: Policy) -> dict[str, Any]:
    return {
        "attention": needs_attention(plan, problem, policy),
        "note_counts": sorted(notes_by_code(problem).items()),
        "assumed": tuple(r for r in problem.referrals if r.assumptions),
    }


def _stylesheet() -> Markup:
    folder = resources.files("allocator.report") / "templates"
    return Markup((folder / "page.css").read_text(encoding="utf-8"))


_USE_WORDS = {
    "RESIDENT": "Residents",
    "BOOKING": "Bookings",
    "PROPOSAL": "Proposals",
    "OUT_OF_SERVICE": "Out of service",
    "FREE": "Free",
}

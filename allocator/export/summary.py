"""The plan at a glance, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from allocator.export.attention import needs_attention, notes_by_code
from allocator.export.placed import placed_people
from allocator.export.safe_text import visible
from allocator.export.shown_levels import shown_levels
from allocator.export.totals import BandTotal, all_bands, band_totals
from allocator.export.words import (
    PROPOSALS_ONLY,
    SYNTHETIC,
    aim_words,
    amount,
    bound_amount,
    long_day,
    miles_words,
    status_words,
)
from allocator.plan import LevelReached, Plan
from allocator.policy import Policy
from allocator.problem import Problem


def print_summary(plan: Plan, problem: Problem, policy: Policy, console: Console) -> None:
    """Print the plan's figures, its levels and what needs a person."""
    console.print(summary(plan, problem, policy))


def summary(plan: Plan, problem: Problem, policy: Policy) -> RenderableType:
    """The same, to be put anywhere rich prints."""
    placed = placed_people(plan, problem, policy)
    total = all_bands(problem, placed)
    bands = band_totals(plan, problem, policy, placed)
    parts: list[RenderableType] = [_heading(plan, problem), _bands(bands, total)]
    if plan.levels:
        parts.append(_levels(shown_levels(plan, problem, policy)))
    return Group(*parts, *_attention(plan, problem, policy), Text(f"\n{PROPOSALS_ONLY}", "bold"))


def _heading(plan: Plan, problem: Problem) -> Text:
    text = Text()
    if problem.synthetic:
        text.append(f"{SYNTHETIC}\n", "bold yellow")
    text.append(f"Bed plan for {long_day(plan.as_of)}", "bold")
    text.append(f", policy {visible(plan.policy_name)}\n{status_words(plan)}\n")
    return text


def _bands(bands: Sequence[BandTotal], total: BandTotal) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Band", overflow="fold")
    for heading in (
        "asked", "placed", "firm", "provisional", "without\na bed",
        "nights\nuncovered", "miles,\nmedian", "9 in 10\nwithin",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for band in bands:
        table.add_row(*_figures(f"{band.number}  {visible(band.name)}", band))
    table.add_row(*_figures("All", total), style="bold")
    return table


def _figures(name: str, total: BandTotal) -> list[Text]:
    figures = (
        total.asked,
        total.placed,
        total.firm,
        total.provisional,
        total.without_bed,
        total.uncovered_nights,
    )
    miles = (total.miles.median, total.miles.nine_in_ten)
    return [Text(name), *(Text(f"{f:,}") for f in figures), *(Text(miles_words(m)) for m in miles)]


def _levels(levels: Sequence[LevelReached]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), title=None)
    table.add_column("\nLevel, most important first", overflow="fold")
    for heading in ("\nreached", "\nbound"):
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column("\nproven")
    table.add_column("\nseconds", justify="right")
    for level in levels:
        table.add_row(
            Text(visible(aim_words(level))),
            Text(visible(amount(level, level.value))),
            Text(visible(bound_amount(level))),
            Text("yes", "green") if level.proven else Text("no", "yellow"),
            Text(f"{level.seconds:.1f}"),
        )
    return table


def _attention(plan: Plan, problem: Problem, policy: Policy) -> Iterator[RenderableType]:
    findings = needs_attention(plan, problem, policy)
    notes = notes_by_code(problem)
    if findings or notes:
        yield Text("\nNeeds a person", "bold")
    for finding in findings:
        yield Text(f"{finding.count:>6,}  {finding.text}")
    for code, count in sorted(notes.items()):
        yield Text(f"{count:>6,}  Notes on the input: {visible(code)}")

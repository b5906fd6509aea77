"""The first sheet of the workbook: what the plan is, and its figures by band."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocator.export.placed import Placed
from allocator.export.table import Cell, Column, Table
from allocator.export.totals import BandTotal, all_bands, band_totals
from allocator.export.words import HANDLING, PROPOSALS_ONLY, SYNTHETIC, status_words
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem

Line = tuple[str, Cell, str]


def summary_table(plan: Plan, problem: Problem, policy: Policy, placed: Sequence[Placed]) -> Table:
    """Three columns: what, the value, and a remark."""
    return Table.of(_COLUMNS, _lines(plan, problem, policy, placed))


def _lines(
    plan: Plan, problem: Problem, policy: Policy, placed: Sequence[Placed]
) -> Iterator[Line]:
    if problem.synthetic:
        yield "Data", "synthetic", SYNTHETIC
    yield "Handling", "OFFICIAL-SENSITIVE", HANDLING
    yield "Standing", "proposals", PROPOSALS_ONLY
    yield "Plan for", plan.as_of, ""
    yield "Status", plan.status.value, status_words(plan)
    yield "Policy", plan.policy_name, f"SHA-256 {plan.policy_hash}"
    yield "Problem", plan.problem_hash[:12], f"SHA-256 {plan.problem_hash}"
    yield "Effort", plan.effort, f"seed {plan.seed}"
    for total in (all_bands(problem, placed), *band_totals(plan, problem, policy, placed)):
        yield from _band_lines(total)
    yield (
        "Surplus bookings",
        len(plan.surplus),
        "beyond the beds of their premises, or naming a bed that another has",
    )


def _band_lines(total: BandTotal) -> Iterator[Line]:
    who = "All bands" if total.number is None else f"Band {total.number}"
    yield f"{who}: asked", total.asked, total.name
    yield f"{who}: placed, firm", total.firm, ""
    yield f"{who}: placed, provisional", total.provisional, ""
    yield f"{who}: without a bed", total.without_bed, ""
    yield f"{who}: nights between release and arrival", total.uncovered_nights, "people placed"
    yield f"{who}: median miles", _tenth(total.miles.median), "people placed"
    yield f"{who}: nine in ten within, miles", _tenth(total.miles.nine_in_ten), "people placed"


def _tenth(miles: float | None) -> float | None:
    return None if miles is None else round(miles, 1)


_COLUMNS: tuple[Column[Line], ...] = (
    Column("what", 44, lambda line: line[0]),
    Column("value", 22, lambda line: line[1]),
    Column("remark", 90, lambda line: line[2]),
)

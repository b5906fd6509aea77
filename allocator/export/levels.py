"""The levels of a plan as a table: what was reached, and what no plan can beat."""

from __future__ import annotations

from allocator.export.shown_levels import shown_levels
from allocator.export.table import Column, Table, yes_no
from allocator.export.words import aim_words, bound_words, gap_words, sense_words
from allocator.plan import LevelReached, Plan
from allocator.policy import Policy
from allocator.problem import Problem


def levels_table(plan: Plan, problem: Problem, policy: Policy) -> Table:
    """One row a level, in the policy's order."""
    vouched: Column[LevelReached] = Column(
        "bound_vouched_for", 24, lambda level: bound_words(plan, level)
    )
    return Table.of((*_COLUMNS, vouched), shown_levels(plan, problem, policy))


_COLUMNS: tuple[Column[LevelReached], ...] = (
    Column("level", 22, lambda level: level.code),
    Column("counts", 50, aim_words),
    Column("sense", 18, sense_words),
    Column("unit", 18, lambda level: level.unit),
    Column("value", 12, lambda level: level.value),
    Column("bound", 12, lambda level: level.bound),
    Column("proven", 10, lambda level: yes_no(level.proven)),
    Column("gap", 50, gap_words),
    Column("seconds", 10, lambda level: round(level.seconds, 2)),
)

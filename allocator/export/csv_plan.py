"""plan.csv: one row a proposed placement, with its bed."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.export.placed import Placed
from allocator.export.table import Column, Table, yes_no
from allocator.export.words import assumption_words, tier_words
from allocator.problem import Problem


def plan_table(placed: Sequence[Placed], problem: Problem) -> Table:
    """Every placement with the bed, the stay, the day to decide and what was assumed."""
    synthetic = yes_no(problem.synthetic)
    return Table.of((*_COLUMNS, Column("synthetic", 10, lambda _: synthetic)), placed)


_COLUMNS: tuple[Column[Placed], ...] = (
    Column("referral_id", 16, lambda p: p.referral.id),
    Column("crn", 10, lambda p: p.referral.crn),
    Column("tier", 10, lambda p: tier_words(p.referral)),
    Column("band", 6, lambda p: p.placement.band),
    Column("premises_id", 14, lambda p: p.premises.id),
    Column("premises_name", 30, lambda p: p.premises.name),
    Column("room", 14, lambda p: p.room.name),
    Column("bed", 14, lambda p: p.bed.name),
    Column("bed_id", 18, lambda p: p.bed.id),
    Column("arrival", 12, lambda p: p.placement.stay.arrival),
    Column("departure", 12, lambda p: p.placement.stay.departure),
    Column("nights", 8, lambda p: p.placement.stay.nights),
    Column("release_date", 12, lambda p: p.referral.release_date),
    Column("days_from_release", 18, lambda p: p.days_from_release),
    Column("miles", 8, lambda p: None if p.miles is None else round(p.miles, 1)),
    Column("decision", 12, lambda p: p.state),
    Column("decide_by", 12, lambda p: p.placement.decide_by),
    Column("needs_exceptional_agreement", 28, lambda p: yes_no(p.needs_agreement)),
    Column("essential_criteria", 40, lambda p: ", ".join(sorted(p.referral.essential))),
    Column("assumptions", 50, lambda p: assumption_words(p.referral)),
)

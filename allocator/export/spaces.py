"""spaces.csv: the same placements as the ministry's service books them, premises without a bed.

The headings are those of the service's `placements` report, in its order, after the two that say
which request the space is for.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocator.export.placed import Placed
from allocator.export.space_criteria import criteria_cell
from allocator.export.table import Column, Table
from allocator.export.words import PROPOSALS_ONLY, SYNTHETIC
from allocator.problem import Problem

TIER_NOT_KNOWN = "MISSING"
"""The service's word: any other would not be read back."""


def spaces_table(placed: Sequence[Placed], problem: Problem) -> Table:
    """Every placement as a space at a premises."""
    remark = f"{PROPOSALS_ONLY} {SYNTHETIC}" if problem.synthetic else PROPOSALS_ONLY
    return Table.of((*_COLUMNS, Column("additional_information", 50, lambda _: remark)), placed)


_COLUMNS: tuple[Column[Placed], ...] = (
    Column("placement_request_id", 22, lambda p: p.referral.id),
    Column("crn", 10, lambda p: p.referral.crn),
    Column("tier", 10, lambda p: p.referral.tier.value if p.referral.tier else TIER_NOT_KNOWN),
    Column("premises_type", 16, lambda p: p.referral.ap_type.value),
    Column("premises_name", 30, lambda p: p.premises.name),
    Column("premises_region", 24, lambda p: p.premises.region),
    Column("expected_arrival_date", 22, lambda p: p.placement.stay.arrival),
    Column("expected_duration_nights", 24, lambda p: p.placement.stay.nights),
    Column("expected_departure_date", 24, lambda p: p.placement.stay.departure),
    Column("criteria", 40, lambda p: criteria_cell(p.referral)),
)

"""Kept plan: what of an earlier plan a new one is measured against, and can be like."""

from __future__ import annotations

from datetime import date

from allocator.plan import Plan
from allocator.problem import Problem


def kept_placements(plan: Plan | None, problem: Problem) -> dict[str, tuple[str, date]]:
    """Premises and arrival of each placement of the earlier plan, by referral.

    Its person must still ask for a bed, so is neither booked nor withdrawn by now, and its bed
    still exist. None: nothing is kept.
    """
    if plan is None:
        return {}
    return {
        p.referral_id: (problem.premises_of_bed(p.bed_id).id, p.stay.arrival)
        for p in plan.placements
        if p.referral_id in problem.referrals_by_id and p.bed_id in problem.beds_by_id
    }

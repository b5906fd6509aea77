"""Effort: how much work a solve does, counted so that a second run does the same."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.solving.region import Work


@dataclass(frozen=True, slots=True)
class Effort:
    """Budgets of one effort. None of them is a time: a slow machine gives the same plan.

    `whole_options`: a problem with no more options than this is solved as one region.
    `sweeps`: how often the regions of a larger problem are gone through for who is placed; then
    they are gone through once for where and when.
    `region_options`: about how many options a region of a larger problem has.
    """

    name: str
    whole: Work
    whole_options: int
    region: Work
    """For who is placed."""
    finish: Work
    """For the levels after that."""
    region_options: int
    sweeps: int
    descent: int
    """Option-steps of the price descent that bounds a larger problem, a level."""

    def steps(self, options: int) -> int:
        """Steps of the descent for so many options, at least a few."""
        return max(5, min(300, self.descent // max(1, options)))


EFFORTS = {
    "quick": Effort(
        "quick",
        whole=Work(rounds=60, candidates=3_000, search=1.0, tries=4),
        whole_options=80_000,
        region=Work(rounds=12, candidates=1_500, search=0.2, tries=2, widening=(1.0,)),
        finish=Work(rounds=4, candidates=800, search=0.1, tries=1, widening=(1.0,)),
        region_options=5_000,
        sweeps=1,
        descent=20_000_000,
    ),
    "standard": Effort(
        "standard",
        whole=Work(rounds=300, candidates=5_000, search=6.0, tries=12),
        whole_options=90_000,
        region=Work(rounds=25, candidates=2_000, search=0.4, tries=3, widening=(0.5, 1.0)),
        finish=Work(rounds=12, candidates=1_500, search=0.2, tries=2, widening=(1.0,)),
        region_options=7_000,
        sweeps=4,
        descent=80_000_000,
    ),
    "thorough": Effort(
        "thorough",
        whole=Work(rounds=2_000, candidates=15_000, search=60.0, tries=40),
        whole_options=500_000,
        region=Work(rounds=60, candidates=4_000, search=2.0, tries=6),
        finish=Work(rounds=40, candidates=3_000, search=1.0, tries=4),
        region_options=12_000,
        sweeps=8,
        descent=600_000_000,
    ),
}

"""Effort: how much work a solve does, counted so that a second run does the same."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.solving.region import Work


@dataclass(frozen=True, slots=True)
class Effort:
    """Budgets of one effort. None of them is a time: a slow machine gives the same plan.

    `whole_options`: a problem with no more options than this is solved as one region.
    `sweeps`: how often regions of a larger problem are gone through, for counts and for the rest.
    `region_options`: about how many options a region of a larger problem has.
    """

    name: str
    whole: Work
    whole_options: int
    region: Work
    region_options: int
    sweeps: int
    price_steps: int
    """Steps of the price descent that bounds a larger problem, a level."""


EFFORTS = {
    "quick": Effort(
        "quick",
        whole=Work(rounds=60, candidates=3_000, search=1.0, tries=4),
        whole_options=80_000,
        region=Work(rounds=25, candidates=2_000, search=0.3, tries=2),
        region_options=15_000,
        sweeps=1,
        price_steps=8,
    ),
    "standard": Effort(
        "standard",
        whole=Work(rounds=300, candidates=5_000, search=8.0, tries=12),
        whole_options=250_000,
        region=Work(rounds=40, candidates=2_500, search=0.6, tries=3),
        region_options=25_000,
        sweeps=1,
        price_steps=40,
    ),
    "thorough": Effort(
        "thorough",
        whole=Work(rounds=2_000, candidates=15_000, search=60.0, tries=40),
        whole_options=1_500_000,
        region=Work(rounds=80, candidates=4_000, search=2.0, tries=6),
        region_options=60_000,
        sweeps=3,
        price_steps=150,
    ),
}

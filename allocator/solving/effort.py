"""Effort: how much work a solve does, counted so that a second run does the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Budgets of one effort. None of them is a time: a slow machine gives the same plan."""

    name: str
    per_person: int
    """Options of each person that the relaxation starts from."""
    rounds: int
    """Rounds of pricing a level."""
    leap_options: int
    """Options that CP-SAT is given when it looks for a whole stretch of levels at once."""
    leap: float
    """CP-SAT's deterministic time for that."""
    part_options: int
    """More options than this are looked at in parts, premises by premises."""
    part: float
    """CP-SAT's deterministic time for a part."""
    idle_leaps: int
    """Looks in a row that find nothing better before the levels are taken one by one."""
    one_by_one: int
    """With no more options than this, levels that come out short of their prices are searched
    for one by one."""
    first_stretch_only: int
    """With more options than this, the levels after who is placed are left as they come out."""
    candidates: int
    """Options that CP-SAT is given for one level."""
    search: float
    """CP-SAT's deterministic time for that."""
    tries: int
    """Tries of CP-SAT, each with the pairs of people that the one before broke."""


EFFORTS = {
    "quick": Effort("quick", 12, 1, 12_000, 25.0, 3_600, 4.0, 1, 250_000, 500_000, 3_000, 1.0, 4),
    "standard": Effort(
        "standard", 20, 8, 15_000, 12.0, 3_600, 8.0, 3, 2_000_000, 2_000_000, 6_000, 8.0, 8
    ),
    "thorough": Effort(
        "thorough", 30, 40, 30_000, 60.0, 6_000, 20.0, 8, 10**9, 10**9, 15_000, 60.0, 30
    ),
}

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
    "quick": Effort(
        name="quick",
        per_person=12,
        rounds=1,
        leap_options=12_000,
        leap=25.0,
        part_options=3_600,
        part=4.0,
        idle_leaps=1,
        one_by_one=250_000,
        first_stretch_only=500_000,
        candidates=3_000,
        search=1.0,
        tries=4,
    ),
    "standard": Effort(
        name="standard",
        per_person=20,
        rounds=8,
        leap_options=15_000,
        leap=12.0,
        part_options=3_600,
        part=8.0,
        idle_leaps=3,
        one_by_one=2_000_000,
        first_stretch_only=2_000_000,
        candidates=6_000,
        search=8.0,
        tries=8,
    ),
    "thorough": Effort(
        name="thorough",
        per_person=30,
        rounds=40,
        leap_options=30_000,
        leap=60.0,
        part_options=6_000,
        part=20.0,
        idle_leaps=8,
        one_by_one=10**9,
        first_stretch_only=10**9,
        candidates=15_000,
        search=60.0,
        tries=30,
    ),
}

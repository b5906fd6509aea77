"""Comparison: two finished runs side by side, and who has a bed in only one of them."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.plan import LevelReached, Placement, Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One person in both plans. None: without a bed in that one."""

    referral_id: str
    here: Placement | None
    there: Placement | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """From `there` to `here`. The last two hold ids of people whom only one run knows of."""

    gained: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    moved: tuple[Difference, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    levels: tuple[tuple[str, LevelReached | None, LevelReached | None], ...]
    """Code, and what each plan reaches; None: the plan has no such level."""


def compare(here: Plan, there: Plan) -> Comparison:
    """What differs between two plans, in order of referral."""
    known_here, known_there = _known(here), _known(there)
    differences = [
        Difference(name, here.placement_of.get(name), there.placement_of.get(name))
        for name in sorted(known_here & known_there)
    ]
    both = [d for d in differences if d.here is not None and d.there is not None]
    return Comparison(
        gained=tuple(d for d in differences if d.there is None and d.here is not None),
        lost=tuple(d for d in differences if d.here is None and d.there is not None),
        moved=tuple(d for d in both if _where(d.here) != _where(d.there)),
        only_here=tuple(sorted(known_here - known_there)),
        only_there=tuple(sorted(known_there - known_here)),
        levels=_levels(here, there),
    )


def _known(plan: Plan) -> set[str]:
    return {*plan.placement_of, *plan.unplaced}


def _where(placement: Placement | None) -> object:
    return None if placement is None else (placement.bed_id, placement.stay)


def _levels(
    here: Plan, there: Plan
) -> tuple[tuple[str, LevelReached | None, LevelReached | None], ...]:
    mine, other = ({level.code: level for level in plan.levels} for plan in (here, there))
    codes = [*mine, *(code for code in other if code not in mine)]
    return tuple((code, mine.get(code), other.get(code)) for code in codes)

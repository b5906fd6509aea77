"""Comparison: two finished runs side by side, and who has a bed in only one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from allocator.plan import LevelReached, Placement, Plan
from allocator.problem import Problem


@dataclass(frozen=True, slots=True)
class Difference:
    """One person of either plan. None: without a bed in that one, or not on its list."""

    referral_id: str
    here: Placement | None
    there: Placement | None


class Move(StrEnum):
    """What is other for somebody with a bed in both: the first of these that is."""

    PREMISES = "premises"
    ARRIVAL = "arrival"
    BED = "bed"
    """Or the departure: that is as in the plan before, as `least_change` counts."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """From `there` to `here`. `only_here` and `only_there`: people whom only one run knows of."""

    gained: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    moved: tuple[Difference, ...]
    same: tuple[Difference, ...]
    only_here: tuple[Difference, ...]
    only_there: tuple[Difference, ...]
    levels: tuple[tuple[str, LevelReached | None, LevelReached | None], ...]
    """Code, and what each plan reaches; None: the plan has no such level."""


def compare(here: Plan, there: Plan) -> Comparison:
    """What differs between two plans, in order of referral."""
    known_here, known_there = _known(here), _known(there)

    def each(names: set[str]) -> list[Difference]:
        mine, other = here.placement_of, there.placement_of
        return [Difference(name, mine.get(name), other.get(name)) for name in sorted(names)]

    differences = each(known_here & known_there)
    both = [d for d in differences if d.here is not None and d.there is not None]
    return Comparison(
        gained=tuple(d for d in differences if d.there is None and d.here is not None),
        lost=tuple(d for d in differences if d.here is None and d.there is not None),
        moved=tuple(d for d in both if _where(d.here) != _where(d.there)),
        same=tuple(d for d in both if _where(d.here) == _where(d.there)),
        only_here=tuple(each(known_here - known_there)),
        only_there=tuple(each(known_there - known_here)),
        levels=_levels(here, there),
    )


def moves(
    moved: Iterable[Difference], here: Problem, there: Problem
) -> dict[str, tuple[Difference, ...]]:
    """The people of `moved` by what is other for them. Each plan's problem says where a bed is."""
    found: dict[Move, list[Difference]] = defaultdict(list)
    for each in moved:
        assert each.here is not None and each.there is not None
        place = here.premises_of_bed(each.here.bed_id).id
        if place != there.premises_of_bed(each.there.bed_id).id:
            found[Move.PREMISES].append(each)
        elif each.here.stay.arrival != each.there.stay.arrival:
            found[Move.ARRIVAL].append(each)
        else:
            found[Move.BED].append(each)
    return {move.value: tuple(found[move]) for move in Move}


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

"""Why a referral may not have a bed: every bed rule that bars it."""

from __future__ import annotations

from collections import Counter

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import PLACE_RULES, bed_in_service, held_bed, licence_expiry
from allocator.rules.place import Place, place_of


def place_bars(
    referral: Referral, place: Place, problem: Problem, policy: Policy
) -> tuple[str, ...]:
    """Codes of the rules about the place that bar it, in the order of docs/model.md."""
    return tuple(rule.CODE for rule in PLACE_RULES if rule.bars(referral, place, problem, policy))


def bed_bars(referral: Referral, bed_id: str, problem: Problem, policy: Policy) -> tuple[str, ...]:
    """Codes of every rule that bars the bed, whenever the person might arrive."""
    bars = place_bars(referral, place_of(bed_id, problem), problem, policy)
    return bars + _stay_bars(referral, bed_id, problem, policy)


def _stay_bars(
    referral: Referral, bed_id: str, problem: Problem, policy: Policy
) -> tuple[str, ...]:
    window = licence_expiry.arrivals(referral, problem.as_of)
    if window is None:
        return (licence_expiry.CODE,)
    bars = []
    if not bed_in_service.allows_some(bed_id, *window, referral.nights, problem):
        bars.append(bed_in_service.CODE)
    if bed_id in problem.held_by_bed:
        band = policy.known_band(referral)
        if not held_bed.allows_some(bed_id, *window, referral.nights, band, problem):
            bars.append(held_bed.CODE)
    return tuple(bars)


def count_bars(referral: Referral, problem: Problem, policy: Policy) -> Counter[str]:
    """How many beds each rule bars; a bed barred by two rules is counted under both."""
    counts: Counter[str] = Counter()
    judged: dict[Place, tuple[str, ...]] = {}
    for bed in problem.beds:
        place = place_of(bed.id, problem)
        if place not in judged:
            judged[place] = place_bars(referral, place, problem, policy)
        counts.update(judged[place] + _stay_bars(referral, bed.id, problem, policy))
    return counts

"""Placed: the bed someone is given, what it meets, and the next best that is free."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.explain.missing import Missing, missing
from allocator.explain.next_best import NextBest, next_best
from allocator.explain.situation import Situation
from allocator.geography.distance import miles_between
from allocator.plan import Placement
from allocator.referral import Referral
from allocator.rules.place import Place, place_of
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class Placed:
    """Everything that is said of one person with a bed. `miles` None: not known."""

    referral: Referral
    placement: Placement
    premises: str
    miles: float | None
    firm: bool
    essential_met: tuple[Criterion, ...]
    desirable_met: tuple[Criterion, ...]
    desirable_missed: tuple[Criterion, ...]
    next_best: NextBest | None
    missing: tuple[Missing, ...]
    needs_agreement: bool


def explain_placed(referral: Referral, situation: Situation) -> Placed:
    """The explanation of one person whom the plan places."""
    placement = situation.plan.placement_of[referral.id]
    place = place_of(placement.bed_id, situation.problem)
    desirable = sorted(referral.desirable)
    return Placed(
        referral=referral,
        placement=placement,
        premises=place.premises.name,
        miles=_miles(referral, place),
        firm=placement.decide_by <= situation.plan.as_of,
        essential_met=tuple(sorted(referral.essential)),
        desirable_met=tuple(c for c in desirable if place.offers(c)),
        desirable_missed=tuple(c for c in desirable if not place.offers(c)),
        next_best=next_best(referral, placement, situation),
        missing=missing(referral, situation),
        needs_agreement=situation.policy.needs_agreement(referral),
    )


def _miles(referral: Referral, place: Place) -> float | None:
    if referral.location is None or place.premises.location is None:
        return None
    return miles_between(referral.location, place.premises.location)

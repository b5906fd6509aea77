"""Placed: the bed someone is given, what it meets, and the next best that is free."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.explain.gains import Gain
from allocator.explain.missing import Missing, missing
from allocator.explain.moves import elsewhere
from allocator.explain.said import count, listed
from allocator.explain.situation import Situation
from allocator.geography.distance import miles_between
from allocator.plan import Placement
from allocator.referral import Referral
from allocator.rules.place import Place, place_of
from allocator.vocabulary import Criterion

AIM_WORDS = {
    "uncovered_nights": "nights without a bed after release",
    "miles_beyond": "distance beyond the radius aimed for",
    "miles": "distance from home",
    "preferred_premises": "preferred premises",
    "desirable_criteria": "desirable criteria met",
    "scarce_features": "scarce features left for those who need them",
    "least_change": "keeping to the plan before",
}


@dataclass(frozen=True, slots=True)
class NextBest:
    """The best other bed or arrival that is lawful and free in this plan, and what it would cost.

    `costs` and `saves`: against the bed given, in words. `won_on`: the first aim, in the policy's
    order, on which the two differ; empty when they are equal on all.
    """

    bed_id: str
    premises: str
    arrival: str
    won_on: str
    is_better: bool
    costs: tuple[str, ...]
    saves: tuple[str, ...]

    @property
    def words(self) -> str:
        """Where it is and what it would mean."""
        where = f"bed {self.bed_id} at {self.premises} from {self.arrival}"
        told = [f"costs {listed(self.costs)}"] if self.costs else []
        told += [f"saves {listed(self.saves)}"] if self.saves else []
        what = listed(told) or "is as good on every aim"
        if self.is_better:
            return f"A better bed is free for this person: {where}. It {what}. Run the plan again."
        won = f" The bed given wins on {self.won_on}." if self.won_on else ""
        return f"Next best, lawful and free: {where}. It {what}.{won}"


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
        next_best=_next_best(referral, placement, situation),
        missing=missing(referral, situation),
        needs_agreement=situation.policy.needs_agreement(referral),
    )


def _next_best(referral: Referral, placement: Placement, situation: Situation) -> NextBest | None:
    person = next(p for p in situation.people if p.id == referral.id and not p.booked)
    options = elsewhere(person, situation)
    if not options:
        return None
    bed, day = options[0]
    here = situation.stock.bed_number[placement.bed_id]
    now = (placement.stay.arrival - situation.problem.as_of).days
    mine, other = situation.gains.of(referral, here, now), situation.gains.of(referral, bed, day)
    arrival = situation.date_of(day)
    return NextBest(
        bed_id=situation.stock.beds[bed],
        premises=situation.bars.place(bed).premises.name,
        arrival=f"{arrival.day} {arrival:%b %Y}",
        won_on=_first_difference(mine, other, situation),
        is_better=other > mine,
        costs=_differences(mine, other, situation),
        saves=_differences(other, mine, situation),
    )


def _first_difference(mine: Gain, other: Gain, situation: Situation) -> str:
    for level, a, b in zip(situation.gains.levels, mine, other, strict=True):
        if a != b:
            return AIM_WORDS.get(level.aim.code, level.aim.code)
    return ""


def _differences(mine: Gain, other: Gain, situation: Situation) -> tuple[str, ...]:
    """Where `other` is worse than `mine`, in words."""
    return tuple(
        _amount(level.aim.code, a - b)
        for level, a, b in zip(situation.gains.levels, mine, other, strict=True)
        if a > b
    )


def _amount(aim: str, difference: int) -> str:
    """A difference on one aim: 3 nights, 1.2 miles from home, 1 desirable criterion."""
    if aim == "uncovered_nights":
        return f"{count(difference, 'night')} of waiting"
    if aim == "miles":
        return f"{difference / 10:,.1f} miles of distance"
    if aim == "miles_beyond":
        return f"{difference / 10:,.1f} miles beyond the aimed radius"
    if aim == "desirable_criteria":
        return "1 desirable criterion" if difference == 1 else f"{difference} desirable criteria"
    if aim == "scarce_features":
        return f"{count(difference, 'scarce feature')} that the person does not need"
    if aim == "preferred_premises":
        return f"{count(difference, 'point')} of preferred premises"
    return f"{difference} on {AIM_WORDS.get(aim, aim)}"


def _miles(referral: Referral, place: Place) -> float | None:
    if referral.location is None or place.premises.location is None:
        return None
    return miles_between(referral.location, place.premises.location)

"""Next best: the best other bed for someone placed, and what it would cost them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allocator.explain.alternatives import elsewhere
from allocator.explain.board import Opening
from allocator.explain.gains import Gain
from allocator.explain.said import day_words, listed
from allocator.explain.situation import Situation
from allocator.plain_words import counted
from allocator.plan import Placement
from allocator.referral import Referral

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
    """The best of other premises, lawful and free in this plan, and what it would cost; where none
    is, of other beds; and only then the bed itself on another day. What would be better comes
    before all of these.

    `costs` and `saves`: against the bed given, in words. `won_on`: the first aim, in the policy's
    order, on which the two differ; empty when they are equal on all.
    """

    bed_id: str
    premises: str
    arrival: date
    won_on: str
    is_better: bool
    costs: tuple[str, ...]
    saves: tuple[str, ...]

    @property
    def words(self) -> str:
        """Where it is and what it would mean."""
        where = f"bed {self.bed_id} at {self.premises} from {day_words(self.arrival)}"
        told = [f"costs {listed(self.costs)}"] if self.costs else []
        told += [f"saves {listed(self.saves)}"] if self.saves else []
        what = listed(told) or "is as good on every aim"
        if self.is_better:
            return f"A better bed is free for this person: {where}. It {what}. Run the plan again."
        won = f" The bed given wins on {self.won_on}." if self.won_on else ""
        return f"Next best, lawful and free: {where}. It {what}.{won}"


def next_best(referral: Referral, placement: Placement, situation: Situation) -> NextBest | None:
    """Where else the person could be, lawful and free in this plan, or None."""
    person = next(p for p in situation.people if p.id == referral.id and not p.booked)
    options = elsewhere(person, situation)
    if not options:
        return None
    here = situation.stock.bed_number[placement.bed_id]
    now = (placement.stay.arrival - situation.problem.as_of).days
    mine = situation.gains.of(referral, here, now)
    bed, day = options[0]
    if not situation.gains.of(referral, bed, day) > mine:
        # The same bed a day later is always near the top, and tells nobody where else to look.
        bed, day = _elsewhere(options, here, situation)
    other = situation.gains.of(referral, bed, day)
    return NextBest(
        bed_id=situation.stock.beds[bed],
        premises=situation.bars.place(bed).premises.name,
        arrival=situation.date_of(day),
        won_on=_first_difference(mine, other, situation),
        is_better=other > mine,
        costs=_differences(mine, other, situation),
        saves=_differences(other, mine, situation),
    )


def _elsewhere(options: Sequence[Opening], here: int, situation: Situation) -> Opening:
    """The best at other premises, or else in another bed, or else the best. Best come first."""
    site_of = situation.stock.site_of_bed
    away = (option for option in options if site_of[option[0]] != site_of[here])
    beside = (option for option in options if option[0] != here)
    return next(away, None) or next(beside, None) or options[0]


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
        return f"{counted(difference, 'night')} of waiting"
    if aim == "miles":
        return f"{difference / 10:,.1f} miles of distance"
    if aim == "miles_beyond":
        return f"{difference / 10:,.1f} miles beyond the aimed radius"
    if aim == "desirable_criteria":
        return "1 desirable criterion" if difference == 1 else f"{difference} desirable criteria"
    if aim == "scarce_features":
        return f"{counted(difference, 'scarce feature')} that the person does not need"
    if aim == "preferred_premises":
        return f"{counted(difference, 'point')} of preferred premises"
    return f"{difference} on {AIM_WORDS.get(aim, aim)}"

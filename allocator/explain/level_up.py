"""One level up: would someone without a bed get one if their risk were assessed one level higher?

Yes is shown by a lawful plan that is better, in the policy's order, than the given one, and that
differs from it by this person and at most one other. No such plan is not a proof that there is
none which differs by more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from allocator.explain.change import Change
from allocator.explain.insertion import least_disturbance
from allocator.explain.situation import Situation
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.vocabulary import RiskTier, Rosh, TierScheme

_ROSH_UP = {Rosh.LOW: Rosh.MEDIUM, Rosh.MEDIUM: Rosh.HIGH, Rosh.HIGH: Rosh.VERY_HIGH}
_LETTERS = "ABCDEFG"


@dataclass(frozen=True, slots=True)
class LevelUp:
    """What a higher assessment would do. `change` None: not shown by a single move."""

    referral_id: str
    crn: str
    band: int
    band_if: int | None
    """None: no assessment one level higher gives a higher band."""
    assessed: str
    change: Change | None

    @property
    def text(self) -> str:
        """The answer in a sentence or two."""
        if self.band_if is None:
            return f"Band {self.band}: no assessment one level higher gives a higher band."
        asked = f"With {self.assessed} the person would be in band {self.band_if}, not {self.band}."
        if self.change is None:
            return (
                f"{asked} Not shown by a single move: that is no proof that no plan would "
                "give them a bed."
            )
        return (
            f"{asked} A better lawful plan would then give them a bed at {self.change.premises}. "
            f"It needs: {self.change.text} {self.change.price}".rstrip()
        )

    def as_json(self) -> dict[str, object]:
        """All of it; `shown` says whether a better plan is known."""
        return {
            "referral_id": self.referral_id,
            "crn": self.crn,
            "band": self.band,
            "band_if": self.band_if,
            "assessed": self.assessed,
            "shown": self.change is not None,
            "change": None if self.change is None else self.change.as_json(),
            "text": self.text,
        }


def level_up(referral: Referral, situation: Situation) -> LevelUp:
    """The answer for one person whom the plan leaves without a bed."""
    band = situation.policy.band_of(referral)
    found = reassessed(referral, situation.policy)
    if found is None:
        return LevelUp(referral.id, referral.crn, band, None, "", None)
    words, higher = found
    change = least_disturbance(higher, situation, beating=situation.gains.nothing)
    return LevelUp(referral.id, referral.crn, band, situation.policy.band_of(higher), words, change)


def reassessed(referral: Referral, policy: Policy) -> tuple[str, Referral] | None:
    """RoSH one level higher, or else MAPPA or the tier, where that gives a higher band."""
    band = policy.band_of(referral)
    for words, higher in _one_level_up(referral):
        if policy.band_of(higher) < band:
            return words, higher
    return None


def _one_level_up(referral: Referral) -> Iterator[tuple[str, Referral]]:
    if referral.rosh in _ROSH_UP:
        rosh = _ROSH_UP[referral.rosh]
        yield f"RoSH {rosh.value} rather than {referral.rosh.value}", replace(referral, rosh=rosh)
    level = referral.mappa_level
    if level in (0, 1, 2):
        higher = 2 if level < 2 else 3
        yield f"MAPPA level {higher}", replace(referral, mappa_level=higher)
    tier = _tier_up(referral.tier)
    if tier is not None:
        yield f"tier {tier.value}", replace(referral, tier=tier)


def _tier_up(tier: RiskTier | None) -> RiskTier | None:
    if tier is None or not tier.letter or tier.letter == "A":
        return None
    letter = _LETTERS[_LETTERS.index(tier.letter) - 1]
    return RiskTier(letter + tier.value[1:] if tier.scheme is TierScheme.V2 else letter)

"""How what a file does not say is read, and the record of it on each referral."""

from __future__ import annotations

from allocator.referral import Assumption, Referral
from allocator.vocabulary import Offence, RiskTier, Rosh, TierScheme

NOT_GIVEN = "the file gives none"
INFERRED = "inferred from the tier"
_ROSH_OF_V2 = {"A": Rosh.VERY_HIGH, "B": Rosh.HIGH, "C": Rosh.MEDIUM, "D": Rosh.LOW}


def rosh_of_tier(tier: RiskTier | None, mappa_level: int | None) -> Rosh | None:
    """The highest level of harm that the tier allows; None when there is no tier to tell.

    Under v2 very high harm is always letter A, high at least B, medium at least C. Under v3 B and
    C may hold very high harm, but not together with a MAPPA level of 1 to 3.
    """
    if tier is None or not tier.letter:
        return None
    if tier.scheme is TierScheme.V2:
        return _ROSH_OF_V2[tier.letter]
    if tier.letter in "BC" and mappa_level in (1, 2, 3):
        return Rosh.HIGH
    if tier.letter in "ABC":
        return Rosh.VERY_HIGH
    return Rosh.HIGH if tier.letter == "D" else Rosh.MEDIUM


def mappa_of_tier(tier: RiskTier | None) -> int | None:
    """0 where the tier shows that the level is not 2 or 3: v2 below A. Else None, not known."""
    below_a = tier is not None and tier.scheme is TierScheme.V2 and tier.letter != "A"
    return 0 if below_a else None


def inferred_rosh(tier: RiskTier, rosh: Rosh) -> Assumption:
    return Assumption("rosh", rosh.value, f"{INFERRED}: the highest that {tier} allows")


def inferred_mappa(tier: RiskTier) -> Assumption:
    return Assumption(
        "mappa_level", "0", f"{INFERRED}: levels 2 and 3 would give letter A, not {tier}"
    )


def default_nights(nights: int, kind: str) -> Assumption:
    return Assumption("nights", str(nights), f"{NOT_GIVEN}; the policy's length for {kind}")


def unknowns(
    tier: RiskTier | None,
    rosh: Rosh | None,
    mappa_level: int | None,
    offences_unknown: frozenset[Offence],
) -> list[Assumption]:
    """The cautious readings of what is not known."""
    found = []
    if tier is None:
        found.append(Assumption("tier", "letter A", NOT_GIVEN))
    if rosh is None:
        found.append(Assumption("rosh", Rosh.VERY_HIGH.value, NOT_GIVEN))
    if mappa_level is None:
        found.append(Assumption("mappa_level", "3", NOT_GIVEN))
    found += [Assumption(kind.value, "applies", NOT_GIVEN) for kind in sorted(offences_unknown)]
    return found


def is_assumed(referral: Referral, field: str) -> bool:
    """Whether the value was inferred, or is the policy's; None is not known rather than assumed.

    Somebody who gives another value may leave the record of the assumption as it was, and one of
    a value that was not known may read as what they gave.
    """
    value = getattr(referral, field)
    return value is not None and any(
        made.field == field and made.read_as == str(value) and made.why != NOT_GIVEN
        for made in referral.assumptions
    )

"""Risk facts: what is known of a person's risk, corrected in one bid by a named person."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from allocator.ingest.assumptions import is_assumed, unknowns
from allocator.referral import Referral
from allocator.vocabulary import Offence, RiskTier, Rosh


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """As the fields of a referral are; None, and `offences_unknown`: not known.

    `left`: of harm and offences, those that were left as they are: what is said of them is passed
    over, and what was assumed of them is assumed still.
    """

    tier: RiskTier | None
    rosh: Rosh | None
    mappa_level: int | None
    mappa_category: str | None
    offences: frozenset[Offence]
    offences_unknown: frozenset[Offence]
    restriction_codes: frozenset[str] | None
    left: frozenset[str] = frozenset()


_INFERRED = ("rosh", "mappa_level")
"""What may have been inferred from the tier."""
_TYPED = ("tier", "mappa_level", "restriction_codes")
"""What has no way of being left as it is but to be said as it is."""


def corrected(value: Referral, said: RiskFacts) -> Referral:
    """The bid with these facts. What was left as it was is still assumed where it was; harm or an
    offence that is said is assumed no more, though it is said as it was assumed.

    What was inferred from another tier than the one now given is not known any more.
    """
    said = _with_what_was_left(value, said)
    same = {name for name in _TYPED if getattr(said, name) == getattr(value, name)} | said.left
    if said.tier != value.tier:
        stale: dict[str, Any] = {
            name: None for name in _INFERRED if name in same and is_assumed(value, name)
        }
        said = replace(said, **stale)
        same -= set(stale)
    facts = asdict(said)
    del facts["left"]
    now = replace(value, **facts)
    about = {"rosh", *_TYPED, *(kind.value for kind in Offence)}
    kept = [each for each in value.assumptions if each.field in same or each.field not in about]
    fields = {each.field for each in kept}
    missing = unknowns(now.tier, now.rosh, now.mappa_level, now.offences_unknown)
    made = (each for each in missing if each.field not in fields)
    return replace(now, assumptions=(*kept, *made))


def _with_what_was_left(value: Referral, said: RiskFacts) -> RiskFacts:
    kinds = frozenset(kind for kind in Offence if kind.value in said.left)
    return replace(
        said,
        rosh=value.rosh if "rosh" in said.left else said.rosh,
        offences=said.offences - kinds | value.offences & kinds,
        offences_unknown=said.offences_unknown - kinds | value.offences_unknown & kinds,
    )

"""Risk facts: what is known of a person's risk, corrected in one bid by a named person."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from allocator.ingest.assumptions import is_assumed, unknowns
from allocator.referral import Referral
from allocator.vocabulary import Offence, RiskTier, Rosh


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """As the fields of a referral are; None, and `offences_unknown`: not known."""

    tier: RiskTier | None
    rosh: Rosh | None
    mappa_level: int | None
    mappa_category: str | None
    offences: frozenset[Offence]
    offences_unknown: frozenset[Offence]
    restriction_codes: frozenset[str] | None


_INFERRED = ("rosh", "mappa_level")
"""What may have been inferred from the tier."""


def corrected(value: Referral, said: RiskFacts) -> Referral:
    """The bid with these facts. What was left as it was is still assumed where it was.

    What was inferred from another tier than the one now given is not known any more.
    """
    if said.tier != value.tier:
        stale: dict[str, Any] = {
            name: None
            for name in _INFERRED
            if getattr(said, name) == getattr(value, name) and is_assumed(value, name)
        }
        said = replace(said, **stale)
    now = replace(value, **asdict(said))
    same = {name for name in ("tier", *_INFERRED) if getattr(now, name) == getattr(value, name)}
    if now.restriction_codes == value.restriction_codes:
        same.add("restriction_codes")
    same |= {kind.value for kind in Offence if _answer(now, kind) == _answer(value, kind)}
    about = {"tier", *_INFERRED, "restriction_codes", *(kind.value for kind in Offence)}
    kept = [each for each in value.assumptions if each.field in same or each.field not in about]
    fields = {each.field for each in kept}
    missing = unknowns(now.tier, now.rosh, now.mappa_level, now.offences_unknown)
    made = (each for each in missing if each.field not in fields)
    return replace(now, assumptions=(*kept, *made))


def _answer(value: Referral, kind: Offence) -> tuple[bool, bool]:
    return kind in value.offences, kind in value.offences_unknown

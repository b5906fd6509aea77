"""Missing risk: referrals of which files do not say all that rules read, by code of the note."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from allocator.ingest import assumptions
from allocator.problem import Problem
from allocator.referral import Referral


def missing_risk(problem: Problem) -> Mapping[str, tuple[str, ...]]:
    """Ids of referrals, in their order, by the code of the note that tells how many there are."""
    barred = any(each.local_restrictions for each in problem.premises)
    missing: Mapping[str, Callable[[Referral], bool]] = {
        "offences_unknown": lambda each: bool(each.offences_unknown),
        "rosh_unknown": lambda each: each.rosh is None,
        "mappa_level_unknown": lambda each: each.mappa_level is None,
        "tier_unknown": lambda each: each.tier is None,
        "restrictions_unknown": lambda each: barred and each.restriction_codes is None,
        "rosh_inferred": lambda each: _is_inferred(each, "rosh"),
        "mappa_level_inferred": lambda each: _is_inferred(each, "mappa_level"),
        "nights_assumed": lambda each: any(made.field == "nights" for made in each.assumptions),
    }
    return {
        code: tuple(each.id for each in problem.referrals if lacks(each))
        for code, lacks in missing.items()
    }


def _is_inferred(referral: Referral, field: str) -> bool:
    return any(
        made.field == field and made.why.startswith(assumptions.INFERRED)
        for made in referral.assumptions
    )

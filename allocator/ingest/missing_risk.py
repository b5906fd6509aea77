"""Missing risk: referrals that lack what rules read with most caution, by code of the note."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.ingest import assumptions
from allocator.problem import Problem
from allocator.referral import Referral


def missing_risk(problem: Problem) -> Mapping[str, tuple[str, ...]]:
    """Ids of referrals, in their order, by the code of the note that tells how many there are."""
    missing = {
        "offences_unknown": lambda each: bool(each.offences_unknown),
        "rosh_unknown": lambda each: each.rosh is None,
        "mappa_level_unknown": lambda each: each.mappa_level is None,
        "rosh_inferred": _rosh_is_inferred,
    }
    return {
        code: tuple(each.id for each in problem.referrals if lacks(each))
        for code, lacks in missing.items()
    }


def _rosh_is_inferred(referral: Referral) -> bool:
    return any(
        made.field == "rosh" and made.why.startswith(assumptions.INFERRED)
        for made in referral.assumptions
    )

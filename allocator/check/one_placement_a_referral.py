"""Everyone has one answer: a place, or none. Model: docs/model.md#one_placement_a_referral."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.facts import Facts

CODE = "one_placement_a_referral"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each referral that is not answered exactly once, and each answer to nobody."""
    placed = Counter(placement.referral_id for placement in facts.plan.placements)
    unplaced = Counter(facts.plan.unplaced)
    for referral in facts.problem.referrals:
        if placed[referral.id] + unplaced[referral.id] != 1:
            text = (
                f"referral {referral.id} is placed {placed[referral.id]} times "
                f"and listed as unplaced {unplaced[referral.id]} times"
            )
            yield Breach(CODE, (referral.id,), text)
    for stranger in sorted(unplaced.keys() - facts.problem.referrals_by_id.keys()):
        text = f"the plan lists {stranger} as unplaced, which is not in the problem"
        yield Breach(CODE, (stranger,), text)

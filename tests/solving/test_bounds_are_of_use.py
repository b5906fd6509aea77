"""No bound is worse than what the number of people says, however little effort was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from unittest.mock import patch

from allocator.check import check
from allocator.generate import generate
from allocator.plan import Sense
from allocator.policy import load_policy
from allocator.solving import solve
from allocator.solving.effort import EFFORTS

POLICY = load_policy()


def test_bounds_stay_within_the_number_who_asked_and_above_nothing() -> None:
    problem = generate("S", 1, load=3, windows="long")
    # As on a large problem: levels are left as they are, and their prices prove little.
    hasty = replace(EFFORTS["quick"], one_by_one=0, first_stretch_only=10**9)
    with patch.dict(EFFORTS, quick=hasty):
        plan = solve(problem, POLICY, effort="quick")
    asked = Counter(POLICY.band_of(referral) for referral in problem.referrals)
    assert any(not level.proven for level in plan.levels)
    for level in plan.levels:
        assert level.bound is not None
        if level.aim == "placed":
            assert level.bound <= asked[level.band or 0], level.code
        if level.sense is Sense.FEWEST:
            assert level.bound >= 0, level.code
    assert check(plan, problem, POLICY) == []

"""Essential criteria: every one of them, together, on this one bed.

Single is left to the sharing rule: any room is single to someone who has it alone.
"""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place
from allocator.vocabulary import Criterion

CODE = "essential_criteria"
SENTENCE = "no bed here meets all the essential criteria together"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether a criterion other than single is missing."""
    return not referral.essential - {Criterion.IS_SINGLE} <= place.features

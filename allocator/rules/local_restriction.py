"""Local restriction: a coded restriction of the premises that applies to the person."""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place

CODE = "local_restriction"
SENTENCE = "a local restriction of the premises applies, or may apply, to the person"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether a restriction applies; all of them do while it is not known which."""
    codes = referral.restriction_codes
    return any(
        codes is None or restriction.code in codes
        for restriction in place.premises.local_restrictions
    )

"""AP type: the premises is of a type that the policy lets the requested type use."""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place

CODE = "ap_type"
SENTENCE = "the premises is not of the AP type asked for"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether no type of the premises will do."""
    return not place.premises.ap_types & policy.ap_types_for[referral.ap_type]

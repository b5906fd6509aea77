"""Estate: women's referrals go to women's premises, men's to men's."""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place

CODE = "estate"
SENTENCE = "the premises is in the other estate (men's or women's)"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether the premises is for the other gender."""
    return referral.gender is not place.premises.gender

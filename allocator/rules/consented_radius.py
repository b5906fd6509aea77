"""Consented radius: no further from where the person should live than was agreed."""

from __future__ import annotations

from allocator.geography.distance import miles_between
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place

CODE = "consented_radius"
SENTENCE = "the premises is further away than was consented to, or the distance is not known"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether the premises is beyond the radius; exactly that far is within it."""
    radius = referral.consented_radius_miles
    if radius is None:
        return False
    if referral.location is None or place.premises.location is None:
        return True
    return miles_between(referral.location, place.premises.location) > radius

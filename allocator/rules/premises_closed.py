"""Premises closed: archived premises, and those that take no new bookings, take nobody new."""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place

CODE = "premises_closed"
SENTENCE = "the premises is closed to new placements"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether the premises takes nobody new."""
    return not place.premises.open

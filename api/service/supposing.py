"""Supposing: where someone would go in a finished plan, were they new or were things otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allocator.explain import Kind, Situation, best_insertion, explain_unplaced, unplaced_json
from allocator.referral import Referral
from api.service.refusals import InvalidError


def suppose(referral: Referral, situation: Situation) -> dict[str, Any]:
    """The bed with the least disturbance, or None; and unless one is open, what is in the way.

    Nothing is changed. Raises InvalidError for a stay too far ahead to be looked at.
    """
    situation = _without(referral.id, situation)
    try:
        found = best_insertion(situation, referral)
    except ValueError as error:
        raise InvalidError(str(error), code="too-far-ahead") from error
    told: dict[str, Any] = {
        "referral_id": referral.id,
        "band": situation.policy.band_of(referral),
        "insertion": None if found is None else found.as_json(),
        "explanation": None,
    }
    if found is None or found.kind is not Kind.NOTHING:
        told["explanation"] = unplaced_json(explain_unplaced(referral, situation))
    return told


def _without(referral_id: str, situation: Situation) -> Situation:
    """The same plan before the person was given a bed: made anew where they have one."""
    plan = situation.plan
    if referral_id not in plan.placement_of:
        return situation
    others = tuple(p for p in plan.placements if p.referral_id != referral_id)
    before = replace(plan, placements=others, unplaced=(*plan.unplaced, referral_id))
    return Situation(before, situation.problem, situation.policy)

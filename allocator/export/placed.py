"""Placed: a placement beside everything a person wants to see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from allocator.estate import Bed, Premises, Room
from allocator.geography.distance import miles_between
from allocator.geography.point import Point
from allocator.plan import Placement, Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral


@dataclass(frozen=True, slots=True)
class Placed:
    """A proposed placement with its referral, bed, room and premises.

    `miles` None: the place to live near, or the premises' own place, is not known. `firm`: its
    day to decide has come. `advised`: firm, provisional or held back, where a forecast was asked.
    """

    placement: Placement
    referral: Referral
    bed: Bed
    room: Room
    premises: Premises
    miles: float | None
    aimed_miles: int
    firm: bool
    needs_agreement: bool
    advised: str | None = None

    @property
    def days_from_release(self) -> int:
        """Days between release and arrival: nights without this bed."""
        return (self.placement.stay.arrival - self.referral.release_date).days

    @property
    def beyond_aim(self) -> bool:
        """Whether the premises is further than the service aims for."""
        return self.miles is not None and self.miles > self.aimed_miles

    @property
    def state(self) -> str:
        """The decision's state, in a word or two; what is advised goes before the day alone."""
        return self.advised or ("firm" if self.firm else "provisional")


def placed_people(
    plan: Plan, problem: Problem, policy: Policy, advised: Mapping[str, str] | None = None
) -> tuple[Placed, ...]:
    """Every placement, the day to decide first, then band, then referral.

    `advised`: by referral id, what is advised for its placement.
    """
    order = sorted(plan.placements, key=lambda p: (p.decide_by, p.band, p.referral_id))
    said = advised or {}
    return tuple(
        replace(_placed(each, plan, problem, policy), advised=said.get(each.referral_id))
        for each in order
    )


def _placed(placement: Placement, plan: Plan, problem: Problem, policy: Policy) -> Placed:
    referral = problem.referrals_by_id[placement.referral_id]
    bed = problem.beds_by_id[placement.bed_id]
    room = problem.room_of_bed(bed.id)
    premises = problem.premises_by_id[room.premises_id]
    aimed = referral.aimed_radius_miles
    return Placed(
        placement=placement,
        referral=referral,
        bed=bed,
        room=room,
        premises=premises,
        miles=_miles(referral.location, premises.location),
        aimed_miles=policy.aimed_radius_miles if aimed is None else aimed,
        firm=placement.decide_by <= plan.as_of,
        needs_agreement=policy.needs_agreement(referral),
    )


def _miles(home: Point | None, premises: Point | None) -> float | None:
    return None if home is None or premises is None else miles_between(home, premises)

"""Exclusion zone: the premises is not in a place the person must keep away from."""

from __future__ import annotations

from allocator.estate import Premises
from allocator.geography.point import Point
from allocator.geography.zones import within_circle, within_polygon
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import Place
from allocator.safeguards import ExclusionZone

CODE = "exclusion_zone"
SENTENCE = "the premises is in an exclusion zone, or it cannot be shown that it is not"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether a zone of the person names or holds the premises; its edge belongs to a zone."""
    return any(
        keeps_out(zone, place.premises) for zone in problem.zones_by_crn.get(referral.crn, ())
    )


def keeps_out(zone: ExclusionZone, premises: Premises) -> bool:
    """Whether the zone names or holds the premises, or may hold it for all that is known."""
    return premises.id in zone.premises_ids or _holds(zone, premises.location)


def _holds(zone: ExclusionZone, location: Point | None) -> bool:
    if zone.circle is None and zone.polygon is None:
        return False
    if location is None:
        return True
    return (
        zone.circle is not None
        and within_circle(location, zone.circle.centre, zone.circle.radius_miles)
    ) or (zone.polygon is not None and within_polygon(location, zone.polygon.polygons))

"""The premises is in no exclusion zone of the person. Model: docs/model.md#exclusion_zone."""

from __future__ import annotations

from allocator.check.distance import within
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.polygon import in_polygon
from allocator.check.shape import Reads
from allocator.estate import Premises
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone

CODE = "exclusion_zone"
READS = Reads.PREMISES
TEXT = "the premises is in an exclusion zone, or nobody can say that it is not"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the premises is known to be outside all of the person's zones."""
    zones = facts.problem.zones_by_crn.get(referral.crn, ())
    return not any(_may_hold(zone, place.premises) for zone in zones)


def _may_hold(zone: ExclusionZone, premises: Premises) -> bool:
    if premises.id in zone.premises_ids:
        return True
    if zone.circle is None and zone.polygon is None:
        return False
    if premises.location is None:
        return True
    circle, polygon = zone.circle, zone.polygon
    in_circle = circle is not None and within(premises.location, circle.centre, circle.radius_miles)
    return bool(in_circle) or (polygon is not None and in_polygon(premises.location, polygon))

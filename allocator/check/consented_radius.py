"""No further away than was consented to. Model: docs/model.md#consented_radius."""

from __future__ import annotations

from allocator.check.distance import within
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "consented_radius"
READS = Reads.PREMISES
TEXT = "the premises is beyond the consented radius, or nobody can say that it is not"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether no radius was given, or the premises is known to be within it."""
    radius = referral.consented_radius_miles
    return radius is None or bool(within(referral.location, place.premises.location, radius))

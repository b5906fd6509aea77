"""The bed is in service on every night of the stay. Model: docs/model.md#bed_in_service."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "bed_in_service"
READS = Reads.STAY
TEXT = "the bed is not in service on every night of the stay"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the bed is there and in service from the first night to the last."""
    return facts.first_unusable(place.bed.id, stay) is None

"""The premises takes new people. Model: docs/model.md#premises_closed."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "premises_closed"
READS = Reads.PREMISES
TEXT = "the premises takes no new people"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the premises is open."""
    return place.premises.open

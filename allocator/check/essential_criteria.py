"""One bed meets every essential criterion at once. Model: docs/model.md#essential_criteria."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.vocabulary import Criterion

CODE = "essential_criteria"
READS = Reads.ROOM
TEXT = "the bed lacks an essential criterion"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether room and premises together have all of them; sleeping alone is another rule."""
    return referral.essential - {Criterion.IS_SINGLE} <= place.features

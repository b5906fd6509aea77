"""Men's and women's premises are two estates. Model: docs/model.md#estate."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "estate"
READS = Reads.PREMISES
TEXT = "the premises is of the other estate"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the referral and the premises are of one estate."""
    return referral.gender == place.premises.gender

"""No night of the stay is kept for higher bands. Model: docs/model.md#held_bed."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "held_bed"
READS = Reads.STAY
TEXT = "the bed is held for people of a higher band on a night of the stay"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether each hold with a night of the stay is for the band the person is known to be in."""
    holds = facts.problem.held_by_bed.get(place.bed.id, ())
    if not holds:
        return True
    band = facts.policy.known_band(referral)
    return all(band <= hold.lowest_band or not hold.nights.meets(stay) for hold in holds)

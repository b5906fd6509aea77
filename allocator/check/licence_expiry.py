"""The stay ends by the end of the licence. Model: docs/model.md#licence_expiry."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "licence_expiry"
READS = Reads.STAY
TEXT = "the stay goes on after the licence has expired"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether no expiry is given, or the person leaves on that day or before."""
    return referral.licence_expiry is None or stay.departure <= referral.licence_expiry

"""No local restriction of the premises applies. Model: docs/model.md#local_restriction."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "local_restriction"
READS = Reads.PREMISES
TEXT = "a local restriction of the premises applies, or may apply"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether every code is known not to apply; codes that are not known all apply."""
    codes = {restriction.code for restriction in place.premises.local_restrictions}
    if referral.restriction_codes is None:
        return not codes
    return not codes & referral.restriction_codes

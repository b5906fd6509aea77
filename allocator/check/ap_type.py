"""The premises is of a type that serves the type asked for. Model: docs/model.md#ap_type."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral

CODE = "ap_type"
READS = Reads.PREMISES
TEXT = "the premises is of no type that serves the AP type asked for"


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the policy lists one of the premises' types for the type asked for."""
    return bool(place.premises.ap_types & facts.policy.ap_types_for[referral.ap_type])

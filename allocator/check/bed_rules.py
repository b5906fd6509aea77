"""The bed rules in the order of docs/model.md: its table of contents, as modules."""

from __future__ import annotations

from allocator.check import (
    ap_type,
    bed_in_service,
    consented_radius,
    essential_criteria,
    estate,
    exclusion_zone,
    held_bed,
    licence_expiry,
    local_restriction,
    offences,
    premises_closed,
)
from allocator.check.shape import BedRule

BED_RULES: tuple[BedRule, ...] = (
    estate,
    ap_type,
    essential_criteria,
    offences,
    local_restriction,
    exclusion_zone,
    consented_radius,
    premises_closed,
    licence_expiry,
    bed_in_service,
    held_bed,
)

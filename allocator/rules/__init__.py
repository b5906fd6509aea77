"""Bed rules: each judges one referral and one bed, and never reaches the solver."""

from __future__ import annotations

from allocator.rules import (
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

PLACE_RULES = (
    estate,
    ap_type,
    essential_criteria,
    offences,
    local_restriction,
    exclusion_zone,
    consented_radius,
    premises_closed,
)
"""Rules about the place alone, in the order of docs/model.md."""

STAY_RULES = (licence_expiry, bed_in_service, held_bed)
"""Rules that also look at the nights."""

SENTENCES: dict[str, str] = {rule.CODE: rule.SENTENCE for rule in (*PLACE_RULES, *STAY_RULES)}
"""What each bar means, for a coordinator."""

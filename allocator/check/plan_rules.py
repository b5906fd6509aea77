"""The plan rules in the order of docs/model.md: its table of contents, as modules."""

from __future__ import annotations

from allocator.check import (
    arrivals_per_day,
    mix_cap,
    one_person_a_bed_night,
    one_place_a_person_night,
    one_placement_a_referral,
    placement_lawful,
    plan_complete,
    premises_count,
    residents_stay_put,
    room_sharing,
    separation,
)
from allocator.check.shape import PlanRule

PLAN_RULES: tuple[PlanRule, ...] = (
    placement_lawful,
    one_placement_a_referral,
    one_person_a_bed_night,
    one_place_a_person_night,
    residents_stay_put,
    premises_count,
    room_sharing,
    separation,
    mix_cap,
    arrivals_per_day,
    plan_complete,
)

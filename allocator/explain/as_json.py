"""Explanations as JSON: the same facts as the text, without other people's ids."""

from __future__ import annotations

from allocator.explain.level_up import LevelUp
from allocator.explain.next_best import NextBest
from allocator.explain.placed import Placed
from allocator.explain.unplaced import Unplaced


def unplaced_json(found: Unplaced, up: LevelUp | None = None) -> dict[str, object]:
    """One person without a bed."""
    return {
        "referral_id": found.referral.id,
        "crn": found.referral.crn,
        "outcome": "unplaced",
        "band": found.band,
        "main_reason": {"kind": found.reason.main.value, "text": found.reason.text},
        "beds": found.beds,
        "beds_barred": dict(found.barred),
        "beds_lawful": found.lawful,
        "held_by": found.holders.as_json(),
        "marginal_count": None if found.trap is None else found.trap.as_json(),
        "changes": [change.as_json() for change in found.changes],
        "changes_tried": list(found.tried),
        "nothing_would_change": found.nothing or None,
        "one_level_up": None if up is None else up.as_json(),
        "not_known": [entry.as_json() for entry in found.missing],
        "needs_exceptional_agreement": found.needs_agreement,
    }


def placed_json(found: Placed) -> dict[str, object]:
    """One person with a bed."""
    placement = found.placement
    return {
        "referral_id": found.referral.id,
        "crn": found.referral.crn,
        "outcome": "placed",
        "band": placement.band,
        "bed_id": placement.bed_id,
        "premises": found.premises,
        "arrival": placement.stay.arrival.isoformat(),
        "departure": placement.stay.departure.isoformat(),
        "nights_after_release": (placement.stay.arrival - found.referral.release_date).days,
        "miles": None if found.miles is None else round(found.miles, 1),
        "firm": found.firm,
        "decide_by": placement.decide_by.isoformat(),
        "essential_met": [c.value for c in found.essential_met],
        "desirable_met": [c.value for c in found.desirable_met],
        "desirable_not_met": [c.value for c in found.desirable_missed],
        "next_best": None if found.next_best is None else _next_best(found.next_best),
        "not_known": [entry.as_json() for entry in found.missing],
        "needs_exceptional_agreement": found.needs_agreement,
    }


def _next_best(found: NextBest) -> dict[str, object]:
    return {
        "bed_id": found.bed_id,
        "premises": found.premises,
        "arrival": found.arrival.isoformat(),
        "won_on": found.won_on or None,
        "is_better": found.is_better,
        "costs": list(found.costs),
        "saves": list(found.saves),
    }

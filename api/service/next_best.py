"""Next best: another bed for someone whose bed was just taken, on the facts as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allocator.geography.distance import miles_between
from allocator.nights import Stay
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import premises_closed
from allocator.rules.barred import place_bars
from allocator.rules.place import Place, place_of
from api.service.change import Change
from api.service.lawful import Asked, new_breaches
from api.service.referrals import the_bid
from api.service.taken_nights import taken_nights
from api.store.records import referral
from api.store.snapshot import empty_estate
from api.store.tables import BED_NIGHTS

TRIED = 40
"""Beds put to the referee before giving up."""


def next_best(change: Change, referral_id: str, stay: Stay) -> dict[str, Any] | None:
    """The nearest lawful bed that is free for the stay, or for one beginning up to the last day
    allowed; None where there is none among those tried."""
    value = referral(the_bid(change, referral_id))
    alone = frozenset({value.crn})
    problem = empty_estate(change.connection, change.today, change.policy, alone)
    lawful = lawful_beds(value, problem, change)
    before = BED_NIGHTS.c.night < stay.departure + timedelta(days=60)
    taken = taken_nights(change, stay.arrival, before)
    latest = max(value.latest_arrival, stay.arrival)
    tried = 0
    for later in range((latest - stay.arrival).days + 1):
        moved = Stay(stay.arrival + timedelta(days=later), stay.departure + timedelta(days=later))
        for miles, bed_id in lawful:
            if any(moved.contains(night) for night in taken.get(bed_id, ())):
                continue
            tried += 1
            asked = Asked(value.crn, bed_id, moved, referral=value)
            if not new_breaches(change, asked, {}):
                return {
                    "bed_id": bed_id,
                    "premises_id": problem.premises_of_bed(bed_id).id,
                    "arrival": moved.arrival.isoformat(),
                    "departure": moved.departure.isoformat(),
                    "miles": None if miles is None else round(miles, 1),
                }
            if tried >= TRIED:
                return None
    return None


def lawful_beds(
    value: Referral, problem: Problem, change: Change, booked_at: str | None = None
) -> list[tuple[float | None, str]]:
    """Beds that no rule about the place bars, nearest first.

    `booked_at`: premises where the person is booked already, who is nobody new to them.
    """
    judged: dict[Place, bool] = {}
    found: list[tuple[float | None, str]] = []
    for bed in problem.beds:
        place = place_of(bed.id, problem)
        if place not in judged:
            passed = {premises_closed.CODE} if place.premises.id == booked_at else set()
            judged[place] = passed.issuperset(place_bars(value, place, problem, change.policy))
        if judged[place]:
            there = place.premises.location
            known = value.location is not None and there is not None
            found.append((miles_between(value.location, there) if known else None, bed.id))  # type: ignore[arg-type]
    return sorted(found, key=lambda each: (each[0] is None, each[0] or 0.0, each[1]))

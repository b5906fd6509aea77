"""Holds against: beds that somebody without one could have, were they not held for higher bands."""

from __future__ import annotations

from datetime import timedelta

from allocator.nights import Stay
from allocator.rules.barred import place_bars
from allocator.rules.place import place_of
from api.service.change import Change
from api.service.held_nights import in_force, left_of
from api.service.taken_nights import taken_nights
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import BED_NIGHTS, HOLDS
from api.store.values import Row


def holds_against(change: Change, bid: Row) -> list[Row]:
    """Holds, each of a bed that is lawful for the person and free for a whole stay but for it.

    The stay begins on any day that the bid allows. Rules about other people are not asked.
    """
    value = referral(bid)
    band = change.policy.known_band(value)
    first = max(value.release_date, change.today)
    latest = max(value.latest_arrival, first)
    shut = HOLDS.c.first_night < latest + timedelta(days=value.nights)
    holds = [
        row
        for row in in_force(change.connection, change.today, shut, HOLDS.c.end > first)
        if band > row["lowest_band"]
    ]
    if not holds:
        return []
    sites = frozenset(row["premises_id"] for row in holds)
    problem = snapshot(
        change.connection,
        change.today,
        change.policy,
        premises=sites,
        crns=frozenset({value.crn}),
    )
    beds = BED_NIGHTS.c.bed_id.in_(sorted({row["bed_id"] for row in holds}))
    taken = taken_nights(change, first, beds)
    found = []
    for row in holds:
        place = place_of(row["bed_id"], problem)
        if place_bars(value, place, problem, change.policy):
            continue
        for later in range((latest - first).days + 1):
            stay = Stay.of(first + timedelta(days=later), value.nights)
            kept = any(stay.meets(span) for span in left_of(row))
            if kept and not any(stay.contains(night) for night in taken[row["bed_id"]]):
                found.append(row)
                break
    return found

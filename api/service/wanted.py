"""Wanted: open bids that a freed bed could serve are flagged, so that somebody looks again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import select

from allocator.nights import Stay
from allocator.referral import Referral
from allocator.rules.barred import place_bars
from allocator.rules.place import place_of
from api.service.change import Change
from api.service.plan_needs import plan_needs
from api.service.referrals import raise_flag
from api.service.taken_nights import taken_nights
from api.store.by_many import by_many
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import BED_NIGHTS, BOOKINGS, FLAGS, PREMISES, PROPOSALS, REFERRALS
from api.store.values import Row

BED_FREED = "bed_freed"
_NIGHT = timedelta(days=1)
_FIXED = BED_NIGHTS.c.holder.not_in(select(BOOKINGS.c.id).where(BOOKINGS.c.bed_inferred))
"""Nights of a bed that stay: whose bed nobody has named may move."""


def flag_wanting(change: Change) -> None:
    """For each bed that the change freed flag every open bid for which the bed is lawful, and free
    for a stay that it asks for with some of those nights.

    But for those whose proposal waits and can be accepted: that is decided first.
    """
    wanting = {freed: _wanting(change, *freed) for freed in dict.fromkeys(change.freed)}
    decided_first = _to_decide(change, {row["id"] for rows in wanting.values() for row in rows})
    for (bed_id, _), rows in wanting.items():
        flagged = {
            flag["referral_id"]
            for flag in change.rows("flag", FLAGS.c.about == bed_id, ~FLAGS.c.cleared)
        }
        rows = [row for row in rows if row["id"] not in flagged | decided_first]
        raise_flag(change, rows, BED_FREED, bed_id)


def _wanting(change: Change, bed_id: str, freed: Stay) -> list[Row]:
    """Open bids that could have the bed on some of these nights."""
    rows = change.rows(
        "referral", REFERRALS.c.status == "open", REFERRALS.c.release_date < freed.departure
    )
    free = list(_free(change, bed_id))
    rows = [row for row in rows if _fits(referral(row), free, freed, change.today)]
    if not rows:
        return []
    premises_id = change.row("bed", bed_id)["premises_id"]
    problem = snapshot(
        change.connection,
        change.today,
        change.policy,
        premises=frozenset({premises_id}),
        crns=frozenset(row["crn"] for row in rows),
    )
    place = place_of(bed_id, problem)
    return [row for row in rows if not place_bars(referral(row), place, problem, change.policy)]


def _to_decide(change: Change, bids: Collection[str]) -> set[str]:
    """Those of these whose proposal waits and can be accepted, whoever may know of them."""
    waiting = [
        row
        for some in by_many(sorted(bids))
        for row in change.outlines(
            "proposal",
            ("referral_id", "premises_id"),
            PROPOSALS.c.status == "proposed",
            PROPOSALS.c.referral_id.in_(some),
        )
    ]
    if not waiting:
        return set()
    sites = sorted({row["premises_id"] for row in waiting})
    lost = plan_needs(change, PREMISES.c.id.in_(sites), everybody=True).lost_ids
    return {row["referral_id"] for row in waiting if row["id"] not in lost}


def _free(change: Change, bed_id: str) -> Iterator[Stay]:
    """The spans from today on in which nobody has the bed by name, and it is in service."""
    first = change.today
    here = taken_nights(change, first, BED_NIGHTS.c.bed_id == bed_id, _FIXED)
    for night in sorted(here.get(bed_id, ())):
        if first < night:
            yield Stay(first, night)
        first = night + _NIGHT
    yield Stay(first, date.max)


def _fits(value: Referral, free: list[Stay], freed: Stay, today: date) -> bool:
    """Whether a stay that the bid asks for is in one of the free spans and has a freed night."""
    nights = timedelta(days=value.nights)
    earliest = max(value.release_date, today, freed.arrival - nights + _NIGHT)
    latest = min(max(value.latest_arrival, value.release_date, today), freed.departure - _NIGHT)
    return any(max(earliest, span.arrival) <= min(latest, span.departure - nights) for span in free)

"""Wanted: open bids that a freed bed could serve are flagged, so that somebody looks again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Select, exists, select

from allocator.nights import Stay
from allocator.referral import Referral
from allocator.rules.barred import place_bars
from allocator.rules.place import place_of
from api.service.change import Change
from api.service.referrals import raise_flag
from api.service.taken_nights import taken_nights
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import BED_NIGHTS, BOOKINGS, FLAGS, PROPOSALS, REFERRALS

BED_FREED = "bed_freed"
_NIGHT = timedelta(days=1)
_FIXED = BED_NIGHTS.c.holder.not_in(select(BOOKINGS.c.id).where(BOOKINGS.c.bed_inferred))
"""Nights of a bed that stay: whose bed nobody has named may move."""


def flag_wanting(change: Change, bed_id: str, first_night: date, end: date) -> int:
    """Flag every open bid for which the bed is lawful, and free for a stay that it asks for with
    some of these nights; how many.

    But for those to whom a plan proposes a bed that nobody has by name: that is decided first.
    """
    rows = change.rows(
        "referral",
        REFERRALS.c.status == "open",
        REFERRALS.c.release_date < end,
        REFERRALS.c.id.not_in(_proposed_a_free_bed()),
    )
    free = list(_free(change, bed_id))
    freed = Stay(first_night, end)
    rows = [row for row in rows if _fits(referral(row), free, freed, change.today)]
    if not rows:
        return 0
    premises_id = change.row("bed", bed_id)["premises_id"]
    problem = snapshot(
        change.connection,
        change.today,
        change.policy,
        premises=frozenset({premises_id}),
        crns=frozenset(row["crn"] for row in rows),
    )
    place = place_of(bed_id, problem)
    flagged = {
        row["referral_id"] for row in change.rows("flag", FLAGS.c.about == bed_id, ~FLAGS.c.cleared)
    }
    wanting = [
        row
        for row in rows
        if row["id"] not in flagged and not place_bars(referral(row), place, problem, change.policy)
    ]
    raise_flag(change, wanting, BED_FREED, bed_id)
    return len(wanting)


def _proposed_a_free_bed() -> Select[tuple[str]]:
    """Bids whose proposal waits, and whose proposed bed has nobody else in it by name."""
    taken = exists().where(
        _FIXED,
        BED_NIGHTS.c.bed_id == PROPOSALS.c.bed_id,
        BED_NIGHTS.c.night >= PROPOSALS.c.arrival,
        BED_NIGHTS.c.night < PROPOSALS.c.departure,
    )
    return select(PROPOSALS.c.referral_id).where(PROPOSALS.c.status == "proposed", ~taken)


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

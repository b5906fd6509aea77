"""Wanted: open bids that a freed bed could serve are flagged, so that somebody looks again."""

from __future__ import annotations

from datetime import date

from allocator.rules.barred import place_bars
from allocator.rules.place import place_of
from api.service.change import Change
from api.service.referrals import raise_flag
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import FLAGS, REFERRALS


def flag_wanting(change: Change, bed_id: str, first_night: date, end: date) -> int:
    """Flag every open bid for which the bed is lawful on some of these nights; how many."""
    rows = change.rows(
        "referral",
        REFERRALS.c.status == "open",
        REFERRALS.c.release_date < end,
    )
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
    raise_flag(change, wanting, "bed_freed", bed_id)
    return len(wanting)

"""Hold report: how often holds were made, used, passed over and let go of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, select

from allocator.ingest import today
from api.store.tables import EVENTS, HOLDS

WHAT = ("made", "used", "overridden", "yielded", "released", "extended", "expired")


def report(connection: Connection, first: date, last: date) -> dict[str, int]:
    """Events of holds on these days in London, both included; `advised`: of those made."""
    # A day more on both sides: in summer a day in London begins an hour before UTC's.
    begin = datetime.combine(first, time(), UTC) - timedelta(days=1)
    end = datetime.combine(last, time(), UTC) + timedelta(days=2)
    happened = select(EVENTS.c.action, EVENTS.c.subject, EVENTS.c.at).where(
        EVENTS.c.kind == "hold", EVENTS.c.at >= begin, EVENTS.c.at < end
    )
    counts: Counter[str] = Counter()
    advised = set(
        connection.execute(select(HOLDS.c.id).where(HOLDS.c.run_id.is_not(None))).scalars()
    )
    for action, subject, at in connection.execute(happened):
        if first <= today(at) <= last:
            what = action.removeprefix("hold.")
            counts[what] += 1
            counts["advised"] += what == "made" and subject in advised
    return {name: counts[name] for name in (*WHAT, "advised")}

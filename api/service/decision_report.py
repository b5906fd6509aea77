"""Decision report: what people made of what runs proposed, and how soon (DPA 2018, ss.50A to 50D).

Figures about decisions. They do not show that a decision was meant.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Literal

from sqlalchemy import Connection, select

from allocator.ingest import today
from allocator.plain_words import rounded_share
from api.store.tables import PROPOSALS, RUNS
from api.store.values import Row

By = Literal["band", "month", "person", "premises"]
DECIDED = ("accepted", "changed", "refused")
AT_ONCE = 5_000


@dataclass(slots=True)
class Figures:
    """Proposals by what came of them, and hours from the end of the run to each decision.

    `lost`: cannot be accepted any more. `overtaken`: a later run, or another booking, came before
    anybody decided. Both in no share.
    """

    accepted: int = 0
    changed: int = 0
    refused: int = 0
    undecided: int = 0
    lost: int = 0
    overtaken: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """Of which somebody has said what is to be."""
        return self.accepted + self.changed + self.refused

    def share(self, number: int) -> float | None:
        """Of those decided: what is still to be decided has no part in it. None: there are none."""
        return rounded_share(number, self.decided) if self.decided else None

    @property
    def undecided_share(self) -> float | None:
        """Of those decided or still to be decided; None: there are none."""
        asked = self.decided + self.undecided
        return rounded_share(self.undecided, asked) if asked else None

    @property
    def median_hours(self) -> float | None:
        """None: nothing was decided."""
        return round(median(self.hours), 1) if self.hours else None

    @property
    def p90_hours(self) -> float | None:
        """Nine decisions in ten came within so many hours (nearest rank)."""
        if not self.hours:
            return None
        return round(sorted(self.hours)[math.ceil(0.9 * len(self.hours)) - 1], 1)

    def count(self, row: Row, lost: Collection[str]) -> None:
        """Take in one proposal."""
        if row["status"] in DECIDED:
            waited = row["decided_at"] - row["ended_at"]
            self.hours.append(waited / timedelta(hours=1))
        waits = "lost" if row["id"] in lost else "undecided"
        what = {"proposed": waits, "superseded": "overtaken"}.get(row["status"])
        name = what or row["status"]
        setattr(self, name, getattr(self, name) + 1)


def report(
    connection: Connection,
    first: date,
    last: date,
    by: By | None = None,
    lost: Collection[str] = (),
) -> tuple[Figures, dict[str, Figures]]:
    """All proposals of runs that ended on these days in London, and each group of them.

    By person, only what was decided: what is not has nobody yet. `lost`: those that wait and
    cannot be accepted any more.
    """
    everything = Figures()
    groups: dict[str, Figures] = defaultdict(Figures)
    for row in _proposals(connection, first, last):
        everything.count(row, lost)
        if by is not None and (by != "person" or row["decided_by"] is not None):
            groups[_group(row, by)].count(row, lost)
    return everything, dict(groups)


def _group(row: Row, by: By) -> str:
    if by == "month":
        return f"{today(row['ended_at']):%Y-%m}"
    return str(row[{"band": "band", "person": "decided_by", "premises": "premises_id"}[by]])


def _proposals(connection: Connection, first: date, last: date) -> Iterable[Row]:
    told = ("id", "status", "band", "premises_id", "decided_by", "decided_at")
    # A day more on both sides: in summer a day in London begins an hour before UTC's.
    begin = datetime.combine(first, time(), UTC) - timedelta(days=1)
    end = datetime.combine(last, time(), UTC) + timedelta(days=2)
    wanted = (
        select(RUNS.c.ended_at, *(PROPOSALS.c[name] for name in told))
        .join(RUNS, RUNS.c.id == PROPOSALS.c.run_id)
        .where(RUNS.c.ended_at >= begin, RUNS.c.ended_at < end)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in connection.execute(wanted).mappings():
        if first <= today(row["ended_at"]) <= last:
            yield dict(row)

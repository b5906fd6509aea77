"""Decisions due: who is to be decided now, and who may wait until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.export.placed import Placed


@dataclass(frozen=True, slots=True)
class WeekOfDecisions:
    """Provisional placements whose day to decide is in the seven days from `first`."""

    first: date
    last: date
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Every placement, once: firm now, or in the week it is to be decided in."""

    firm: tuple[Placed, ...]
    weeks: tuple[WeekOfDecisions, ...]


def decisions(placed: Sequence[Placed], as_of: date) -> Decisions:
    """Firm ones by arrival; weeks are counted from the plan's date."""
    firm = sorted(
        (p for p in placed if p.firm),
        key=lambda p: (p.placement.stay.arrival, p.placement.band, p.referral.id),
    )
    weeks: dict[int, list[Placed]] = defaultdict(list)
    for p in placed:
        if not p.firm:
            weeks[(p.placement.decide_by - as_of).days // 7].append(p)
    return Decisions(
        tuple(firm),
        tuple(
            WeekOfDecisions(
                as_of + timedelta(weeks=week), as_of + timedelta(days=week * 7 + 6), tuple(people)
            )
            for week, people in sorted(weeks.items())
        ),
    )

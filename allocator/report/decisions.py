"""Decisions due: who is to be decided now, and who may wait until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.export.placed import Placed
from allocator.holding import State


@dataclass(frozen=True, slots=True)
class WeekOfDecisions:
    """Provisional placements whose day to decide is in the seven days from `first`."""

    first: date
    last: date
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Every placement, once: held back, firm now, or in the week it is to be decided in."""

    firm: tuple[Placed, ...]
    held_back: tuple[Placed, ...]
    """Advised not to be made firm, whatever their day: the bed is for people to come."""
    weeks: tuple[WeekOfDecisions, ...]


def decisions(placed: Sequence[Placed], as_of: date) -> Decisions:
    """Firm ones by arrival; weeks are counted from the plan's date."""
    held_back = [p for p in placed if p.advised == State.HELD_BACK]
    others = [p for p in placed if p.advised != State.HELD_BACK]
    firm = [p for p in others if p.firm]
    weeks: dict[int, list[Placed]] = defaultdict(list)
    for p in others:
        if not p.firm:
            weeks[(p.placement.decide_by - as_of).days // 7].append(p)
    return Decisions(
        tuple(sorted(firm, key=_by_arrival)),
        tuple(sorted(held_back, key=_by_arrival)),
        tuple(
            WeekOfDecisions(
                as_of + timedelta(weeks=week), as_of + timedelta(days=week * 7 + 6), tuple(people)
            )
            for week, people in sorted(weeks.items())
        ),
    )


def _by_arrival(p: Placed) -> tuple[date, int, str]:
    return p.placement.stay.arrival, p.placement.band, p.referral.id

"""Risk order: the week's list in order of band, each in the nearest open bed, all made firm."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.simulate.decision import Decision, Desk
from allocator.simulate.fit import nearest
from allocator.simulate.methods.fill import fill


@dataclass(frozen=True, slots=True)
class RiskOrder:
    """By hand, with the list sorted by risk first."""

    name: str = "risk order"
    daily: bool = False
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        """Everyone who asks, the highest band first."""
        order = desk.by_risk(desk.asking)
        with desk.board.trial(desk.today) as board:
            return Decision(tuple(fill(board, order, desk.today, nearest)))

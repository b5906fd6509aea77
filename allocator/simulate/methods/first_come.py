"""First come, first served: each person as soon as referred, in the nearest bed that is open."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.simulate.decision import Decision, Desk
from allocator.simulate.fit import nearest
from allocator.simulate.methods.fill import fill


@dataclass(frozen=True, slots=True)
class FirstCome:
    """How one case at a time is booked from a list of premises sorted by distance."""

    name: str = "first come"
    daily: bool = True
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        """Everyone who asks, in order of referral."""
        with desk.board.trial(desk.today) as board:
            return Decision(tuple(fill(board, desk.asking, desk.today, nearest)))

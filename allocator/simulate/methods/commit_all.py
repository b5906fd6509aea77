"""Commit all: the week's list planned together, and everything made firm at once."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.simulate.decision import Decision, Desk
from allocator.simulate.methods.together import together


@dataclass(frozen=True, slots=True)
class CommitAll:
    """Planning better, and committing as early as ever."""

    name: str = "commit all"
    daily: bool = False
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        """Everyone who asks."""
        with desk.board.trial(desk.today) as board:
            return Decision(tuple(together(board, desk.asking, desk)))

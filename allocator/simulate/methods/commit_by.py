"""Commit by day: all planned together, and firm only who is within their band's days of release."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.simulate.decision import Decision, Desk
from allocator.simulate.methods.between import between
from allocator.simulate.methods.together import together


@dataclass(frozen=True, slots=True)
class CommitBy:
    """The policy's `commit_by_days`; the others stay provisional and are planned anew."""

    name: str = "commit by day"
    daily: bool = False
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        """Those who are due, in the beds that a plan for everyone gives them."""
        if not desk.meeting:
            return Decision(tuple(between(desk)))
        with desk.board.trial(desk.today) as board:
            planned = together(board, desk.asking, desk)
        later = tuple(choice for choice in planned if not desk.is_due(choice[0]))
        return Decision(
            firm=tuple(choice for choice in planned if desk.is_due(choice[0])),
            provisional=later,
            pencilled=(later,),
        )

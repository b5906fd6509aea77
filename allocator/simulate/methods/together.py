"""Together: one plan for everybody who asks, those of higher risk first."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.simulate.asker import Asker
from allocator.simulate.board import Board
from allocator.simulate.decision import Choice, Desk
from allocator.simulate.methods.fill import fill


def together(board: Board, asking: Sequence[Asker], desk: Desk) -> list[Choice]:
    """Choices for those who find a bed, in the order of the plan; they are on the board after."""
    return fill(board, desk.by_risk(list(asking)), desk.today, desk.taste)

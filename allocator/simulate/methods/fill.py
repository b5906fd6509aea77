"""Fill: people in an order, each in the open bed that fits best."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.simulate.asker import Asker
from allocator.simulate.board import Board
from allocator.simulate.decision import Choice
from allocator.simulate.fit import Taste, find


def fill(board: Board, order: Iterable[Asker], today: int, taste: Taste) -> list[Choice]:
    """Choices for those who find a bed; they are on the board afterwards."""
    found: list[Choice] = []
    for asking in order:
        slot = find(board, asking, today, taste)
        if slot is not None:
            board.put(asking, slot)
            found.append((asking, slot))
    return found

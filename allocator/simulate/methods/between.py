"""Between meetings: people who cannot wait, beside what the last meeting pencilled in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from allocator.simulate.asker import Asker
from allocator.simulate.board import NOBODY, Board, Slot
from allocator.simulate.decision import Choice, Desk
from allocator.simulate.fit import find
from allocator.simulate.methods.fill import fill


def between(desk: Desk, quorum: float) -> list[Choice]:
    """Beds for those who find one in at least this share of what was pencilled in.

    In each, people of a band come before what is pencilled in for that band, and after what is
    for the bands above.
    """
    votes: dict[int, Counter[Slot]] = defaultdict(Counter)
    plans = desk.pencilled or ((),)
    for pencilled in plans:
        board = desk.board.copy()
        for band in range(1, len(desk.policy.bands) + 1):
            asking = desk.by_risk([a for a in desk.asking if a.band == band])
            for person, slot in fill(board, asking, desk.today):
                votes[person.number][slot] += 1
            pencil_in(board, (choice for choice in pencilled if choice[0].band == band))
    return elected(desk, desk.by_risk(desk.asking), votes, quorum * len(plans))


def pencil_in(board: Board, choices: Iterable[Choice]) -> None:
    """Put on the board who can still have what was planned for them."""
    for person, slot in choices:
        nights = board.who[slot.bed, slot.arrival : slot.departure]
        if person.number in board.slots or (nights != NOBODY).any():
            continue
        if board.allows(person, slot):
            board.put(person, slot)


def elected(
    desk: Desk, order: Iterable[Asker], votes: dict[int, Counter[Slot]], needed: float
) -> list[Choice]:
    """Those with enough votes, each in the bed most voted for that is still open."""
    board = desk.board.copy()
    found: list[Choice] = []
    for person in order:
        cast = votes.get(person.number)
        if cast is None or sum(cast.values()) < needed:
            continue
        slot = _open_slot(board, person, cast) or find(board, person, desk.today)
        if slot is not None:
            board.put(person, slot)
            found.append((person, slot))
    return found


def _open_slot(board: Board, person: Asker, cast: Counter[Slot]) -> Slot | None:
    for slot, _ in sorted(cast.items(), key=lambda each: (-each[1], each[0].arrival, each[0].bed)):
        nights = board.who[slot.bed, slot.arrival : slot.departure]
        if (nights == NOBODY).all() and board.allows(person, slot):
            return slot
    return None

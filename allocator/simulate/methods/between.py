"""Between meetings: people who cannot wait, beside what the last meeting pencilled in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from allocator.simulate.asker import Asker
from allocator.simulate.board import Board, Slot
from allocator.simulate.decision import Choice, Desk
from allocator.simulate.fit import find
from allocator.simulate.methods.fill import fill


def between(desk: Desk) -> list[Choice]:
    """Beds for those who find one in enough of what was pencilled in: their band's quorum.

    In each, people of a band come before what is pencilled in for that band, and after what is
    for the bands above.
    """
    votes: dict[int, Counter[Slot]] = defaultdict(Counter)
    plans = desk.pencilled or ((),)
    for pencilled in plans:
        lowest = max(person.band for person in desk.asking)
        of_band: dict[int, list[Choice]] = defaultdict(list)
        for choice in pencilled:
            of_band[choice[0].band].append(choice)
        # Some of whom were pencilled in were to come before today.
        first = min((slot.arrival for _, slot in pencilled), default=desk.today)
        with desk.board.trial(min(first, desk.today)) as board:
            for band in range(1, lowest + 1):
                asking = desk.by_risk([a for a in desk.asking if a.band == band])
                for person, slot in fill(board, asking, desk.today, desk.taste):
                    votes[person.number][slot] += 1
                if band < lowest:
                    pencil_in(board, of_band[band])
    return elected(desk, desk.by_risk(desk.asking), votes, len(plans))


def quorum(band: int, weights: tuple[int, ...]) -> float:
    """Share of futures in which a person must have a bed for it to be made firm.

    Where they have none, someone of a higher band has it. A bed made firm then costs at least the
    next band's weight: so it is right when P(none) <= weight / weight of the band above, which is
    Littlewood's rule (K. Littlewood, AGIFORS Symposium Proceedings 12, 1972, 95). Band 1: any.
    """
    if band == 1:
        return 0.0
    return 1.0 - weights[band - 1] / weights[band - 2]


def pencil_in(board: Board, choices: Iterable[Choice]) -> None:
    """Put on the board who can still have what was planned for them."""
    for person, slot in choices:
        board.offer(person, slot)


def elected(
    desk: Desk, order: Iterable[Asker], votes: dict[int, Counter[Slot]], cast_at_most: int
) -> list[Choice]:
    """Those with their band's quorum, each in the bed most voted for that is still open."""
    found: list[Choice] = []
    with desk.board.trial(desk.today) as board:
        for person in order:
            cast = votes.get(person.number)
            needed = quorum(person.band, desk.weights) * cast_at_most
            if cast is None or sum(cast.values()) < needed:
                continue
            slot = _open_slot(board, person, cast) or find(board, person, desk.today, desk.taste)
            if slot is not None:
                board.put(person, slot)
                found.append((person, slot))
    return found


def _open_slot(board: Board, person: Asker, cast: Counter[Slot]) -> Slot | None:
    for slot, _ in sorted(cast.items(), key=lambda each: (-each[1], each[0].arrival, each[0].bed)):
        if board.is_free(slot) and board.allows(person, slot):
            return slot
    return None

"""Look ahead: planned together with people who may yet be referred, in several sampled futures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from allocator.simulate.board import Slot
from allocator.simulate.decision import Choice, Decision, Desk
from allocator.simulate.futures import FIRST_NUMBER
from allocator.simulate.methods.between import between, elected
from allocator.simulate.methods.fill import fill


@dataclass(frozen=True, slots=True)
class LookAhead:
    """A two-stage programme by sampling: firm is who is due and has a bed in enough futures.

    Sample-average approximation with a vote, after A. J. Kleywegt, A. Shapiro, T. Homem-de-Mello,
    SIAM Journal on Optimization 12(2), 2002, 479.
    """

    name: str = "look ahead"
    daily: bool = False
    futures: int = 4
    days_ahead: int = 84
    """Releases so far ahead are looked at, beyond the last that may be made firm today."""

    def decide(self, desk: Desk) -> Decision:
        """Those who are due and have a bed in enough futures."""
        if not desk.meeting:
            return Decision(tuple(between(desk)))
        horizon = desk.next_meeting + max(desk.policy.commit_by_days) + self.days_ahead
        known = [person for person in desk.asking if person.release < horizon]
        votes: dict[int, Counter[Slot]] = defaultdict(Counter)
        pencilled: list[tuple[Choice, ...]] = []
        due = {person.number for person in known if desk.is_due(person)}
        for future in desk.futures.each:
            everyone = known + future.after(desk.today, horizon)
            with desk.board.trial(desk.today) as board:
                planned = fill(board, desk.by_risk(everyone), desk.today, desk.taste)
            for person, slot in planned:
                if person.number in due:
                    votes[person.number][slot] += 1
            pencilled.append(tuple(c for c in planned if c[0].number not in due))
        order = desk.by_risk([person for person in known if person.number in due])
        firm = elected(desk, order, votes, len(desk.futures.each))
        taken = {person.number for person, _ in firm}
        first = pencilled[0] if pencilled else ()
        provisional = tuple(
            (person, slot)
            for person, slot in first
            if person.number < FIRST_NUMBER and person.number not in taken
        )
        return Decision(tuple(firm), provisional, pencilled=tuple(pencilled))

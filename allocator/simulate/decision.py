"""Decision: what a meeting makes firm, leaves provisional, and holds back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from allocator.policy import Policy
from allocator.simulate.asker import Asker
from allocator.simulate.board import Board, Slot
from allocator.simulate.fit import BestFit
from allocator.simulate.futures import Futures
from allocator.simulate.ground import Ground
from allocator.vocabulary import ApType, Gender

Choice = tuple[Asker, Slot]


@dataclass(frozen=True, slots=True)
class Hold:
    """Beds of one market kept free on a run of nights for people of `band` and above.

    Days count from the ground's first; `until` is the day on which the hold ends by itself.
    """

    gender: Gender
    ap_type: ApType
    band: int
    beds: int
    first: int
    end: int
    until: int
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Firm choices are booked; provisional ones are made again at the next meeting."""

    firm: tuple[Choice, ...] = ()
    provisional: tuple[Choice, ...] = ()
    holds: tuple[Hold, ...] = ()
    pencilled: tuple[tuple[Choice, ...], ...] = ()
    """What was planned besides, in each future that was looked at; one list when none was."""
    carried: object = None
    """Whatever the method wants to have again on the days until the next meeting."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What those who decide know on a day. The board is real: things are tried on its `trial`."""

    today: int
    next_meeting: int
    board: Board
    asking: tuple[Asker, ...]
    """Everyone known without a bed whose window is not over, in order of referral."""
    futures: Futures
    ground: Ground
    policy: Policy
    meeting: bool = True
    """False: a day between meetings, and `asking` are those who cannot wait for the next one."""
    pencilled: tuple[tuple[Choice, ...], ...] = ()
    """What the last meeting pencilled in."""
    carried: object = None
    """What the last meeting wanted to have again."""

    @property
    def weights(self) -> tuple[int, ...]:
        """What a person of each band counts, band 1 first."""
        return self.policy.band_weights

    @property
    def taste(self) -> BestFit:
        """How beds are chosen."""
        return BestFit(self.futures.prices)

    def is_due(self, asking: Asker) -> bool:
        """Whether the policy says that the person's bed is to be firm before the next meeting."""
        days = self.policy.commit_by_days[asking.band - 1]
        return asking.release - days < self.next_meeting

    def by_risk(self, asking: tuple[Asker, ...] | list[Asker]) -> list[Asker]:
        """By band, then soonest release, then order of referral."""
        return sorted(asking, key=lambda a: (a.band, a.release, a.number))


class Method(Protocol):
    """A way to decide. It holds no state between days: the board and the desk have it all."""

    @property
    def name(self) -> str:
        """In words."""
        ...

    @property
    def daily(self) -> bool:
        """Whether everyone is decided on every day, and not at the week's meeting."""
        ...

    @property
    def futures(self) -> int:
        """How many sampled futures it asks for."""
        ...

    def decide(self, desk: Desk) -> Decision:
        """What to book now. Each choice must be lawful after the ones before it."""
        ...

"""Advice: for each placement of a plan whether to make it firm, and which beds to hold for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from allocator.closed import CLOSED
from allocator.nights import Stay

ADVICE_VERSION = 1


class State(StrEnum):
    """What is advised for a placement."""

    FIRM = "firm"
    """Its commit-by day is before the next meeting, and holding the bed would not pay."""
    PROVISIONAL = "provisional"
    """Its commit-by day is later: the bed is planned anew until then."""
    HELD_BACK = "held back"
    """Due, but in too many futures someone of a higher band needs the bed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is advised for one placement."""

    __pydantic_config__ = CLOSED

    referral_id: str
    band: int
    state: State
    until: date
    """Held back or provisional: when it is asked again. Firm: the day of the plan."""
    latest_arrival: date
    futures: int
    """Futures in which the person keeps a bed when those of higher bands come first."""
    needed: int
    """Futures it takes for the bed to be made firm: see `quorum`."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A bed kept free for people not yet referred. It ends by itself on `expires`.

    `for_bands`: the bands that may have it before. `owner`: the role that answers for it.
    """

    __pydantic_config__ = CLOSED

    bed_id: str
    premises_id: str
    nights: Stay
    for_bands: tuple[int, ...]
    held_back: str
    """The referral that would have had the bed."""
    expires: date
    owner: str
    why: str


@dataclass(frozen=True, slots=True)
class BandChange:
    """What holding does to one band, in people a future, as against making firm all who are due.

    `expected`: people of the band not yet referred, who are referred and released before
    `looked_until` and neither withdrawn nor away on the day. `gain`: more of them and of those
    known with a bed; below 0 it is the price.
    """

    __pydantic_config__ = CLOSED

    band: int
    expected: float
    gain: float


@dataclass(frozen=True, slots=True)
class Advice:
    """The whole of it, for one plan, one forecast and one seed."""

    __pydantic_config__ = CLOSED

    as_of: date
    next_meeting: date
    problem_hash: str
    policy_name: str
    policy_hash: str
    forecast_until: date
    """The forecast rests on history up to the day before this one."""
    looked_until: date
    """People who may be referred until then were drawn."""
    futures: int
    seed: int
    standings: tuple[Standing, ...]
    holds: tuple[Hold, ...]
    changes: tuple[BandChange, ...]
    synthetic: bool = False
    version: int = ADVICE_VERSION

    @property
    def refused(self) -> int:
        """How many of those held back cannot arrive any more when it is asked again."""
        return sum(
            each.state is State.HELD_BACK and each.latest_arrival < self.next_meeting
            for each in self.standings
        )

    @property
    def by_referral(self) -> dict[str, str]:
        """The state of each placement, by referral."""
        return {standing.referral_id: standing.state.value for standing in self.standings}

    @property
    def doubtful(self) -> int:
        """Provisional placements that would be held back, were they due now."""
        return sum(s.state is State.PROVISIONAL and s.futures < s.needed for s in self.standings)

    def count(self, state: State) -> int:
        """How many placements are advised to be so."""
        return sum(standing.state is state for standing in self.standings)

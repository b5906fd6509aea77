"""History: who was referred in a span of days, and what is known of what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.coming import Coming


@dataclass(frozen=True, slots=True)
class Past:
    """A referral of the past. What is not known says nothing: it is no rate's numerator or base."""

    coming: Coming
    arrival_known: bool = False
    """Whether it is known that the person came, or did not."""
    stay_known: bool = False
    """Whether it is known how many nights they slept: the stay would be over by now."""
    followed: bool = False
    """Whether the release is past, so that a withdrawal would have been seen."""


@dataclass(frozen=True, slots=True)
class History:
    """Referrals, and the days covered, `first` to before `until`: every referral made then is here.

    `people` may hold others beside, made on days of which not every referral is known.
    Raises ValueError when there are no such days.
    """

    people: tuple[Past, ...]
    first: date
    until: date
    synthetic: bool = False
    changes_known: bool = False
    """Whether the files would say that a release date changed."""
    left_out: int = 0
    """Rows of the files that were wrong and are not among the people."""

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise ValueError(f"the history covers no day: {self.first} to before {self.until}")

    @property
    def days(self) -> int:
        """Days covered."""
        return (self.until - self.first).days

    @property
    def covered(self) -> tuple[Past, ...]:
        """Those referred on a day that is covered: what counts may be made from."""
        return tuple(p for p in self.people if self.first <= p.coming.referred_on < self.until)

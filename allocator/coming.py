"""Coming: one person who asks for a bed, as history has them or a forecast draws them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from allocator.referral import Referral
from allocator.streams import Streams


@dataclass(frozen=True, slots=True)
class Coming:
    """A referral, the day it was made, and what came of it.

    `referral` is what was known on that day. Raises ValueError when an outcome is before it.
    """

    referred_on: date
    referral: Referral
    arrives: bool = True
    """False: booked or not, the person does not come."""
    nights_slept: int | None = None
    """From arrival to departure; None: as many as were asked for. Fewer: recalled or moved on."""
    withdrawn_on: date | None = None
    """The day on which the referral is taken back; None: it never is."""
    changed_on: date | None = None
    """The day on which another release date is told; None: it stays."""
    changed_release: date | None = None
    """That release date; the latest arrival moves by as many days."""

    def __post_init__(self) -> None:
        if self.nights_slept is not None and self.nights_slept < 1:
            raise ValueError(f"referral {self.referral.id}: a stay has at least one night")
        if (self.changed_on is None) != (self.changed_release is None):
            raise ValueError(f"referral {self.referral.id}: a change has a day and a release date")
        for day in (self.withdrawn_on, self.changed_on):
            if day is not None and day < self.referred_on:
                raise ValueError(f"referral {self.referral.id}: {day} is before it was made")

    @property
    def nights(self) -> int:
        """Nights slept by someone who comes."""
        return self.referral.nights if self.nights_slept is None else self.nights_slept


class Demand(Protocol):
    """Where people come from: a forecast, or the process behind a simulated year."""

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        """Everyone referred from `first` to the day before `until`, in order of that day.

        The same streams give the same people. Ids and CRNs are new and differ in one call.
        """

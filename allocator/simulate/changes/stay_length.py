"""Stay length: people ask for more or fewer nights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from allocator.closed import CLOSED
from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.who import EVERYBODY, Who
from allocator.streams import Streams

MOST_NIGHTS = 1000


@dataclass(frozen=True, slots=True)
class StayLength:
    """`nights` in place of those asked for, of people released on or after `since`.

    A stay that ends early ends after the same share of its nights. Residents and bookings of the
    first day keep theirs.
    """

    __pydantic_config__ = CLOSED

    nights: int
    instead_of: int | None = None
    """Only for people who ask for just so many nights."""
    who: Who = EVERYBODY
    since: date | None = None
    kind: Literal["stay_length"] = "stay_length"

    def __post_init__(self) -> None:
        if not 1 <= self.nights <= MOST_NIGHTS:
            raise ValueError(f"nights must be from 1 to {MOST_NIGHTS}")

    def applied(self, inputs: Inputs) -> Inputs:
        self.who.checked(inputs.policy)
        return replace(inputs, demand=_Lengthened(inputs.demand, self, inputs.policy))


@dataclass(frozen=True, slots=True)
class _Lengthened:
    """Implements `Demand`."""

    before: Demand
    change: StayLength
    policy: Policy

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        return tuple(self._one(each) for each in self.before.people(streams, first, until))

    def _one(self, coming: Coming) -> Coming:
        change, referral = self.change, coming.referral
        if (
            (change.since is not None and referral.release_date < change.since)
            or change.instead_of not in (None, referral.nights)
            or not change.who.takes(referral, self.policy)
        ):
            return coming
        slept = coming.nights_slept
        if slept is not None:
            slept = max(1, min(change.nights, round(slept * change.nights / referral.nights)))
        return replace(coming, referral=replace(referral, nights=change.nights), nights_slept=slept)

"""Early release: a scheme that brings some releases forward."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from allocator.closed import CLOSED
from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.who import EVERYBODY, Who
from allocator.streams import Streams


@dataclass(frozen=True, slots=True)
class EarlyRelease:
    """Of people due for release from `first` to the day before `until`, a share leave earlier.

    Nobody is released before `first`, so the scheme begins with a bulge. Who is referred already
    has so much less notice; who would be referred after the new release is referred on it.
    """

    __pydantic_config__ = CLOSED

    days: int
    share: float
    first: date
    until: date
    who: Who = EVERYBODY
    kind: Literal["early_release"] = "early_release"

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share must be from 0 to 1, not {self.share:g}: write 0.3 for 30 %")
        if self.days < 1:
            raise ValueError("days must be at least 1")
        if self.until <= self.first:
            raise ValueError("until must be after first")

    def applied(self, inputs: Inputs) -> Inputs:
        self.who.checked(inputs.policy)
        found = _PulledForward(inputs.demand, self, inputs.policy, inputs.number)
        return replace(inputs, demand=found)


@dataclass(frozen=True, slots=True)
class _PulledForward:
    """Implements `Demand`."""

    before: Demand
    change: EarlyRelease
    policy: Policy
    number: int

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        usual = self.before.people(streams, first, until)
        chance = streams.family("early release")(str(self.number)).random(len(usual))
        found = [
            self._earlier(each) if drawn < self.change.share and self._takes(each) else each
            for each, drawn in zip(usual, chance, strict=True)
        ]
        return tuple(sorted(found, key=lambda each: each.referred_on))

    def _takes(self, coming: Coming) -> bool:
        change, referral = self.change, coming.referral
        due = change.first <= referral.release_date < change.until
        return due and change.who.takes(referral, self.policy)

    def _earlier(self, coming: Coming) -> Coming:
        referral = coming.referral
        release = max(self.change.first, referral.release_date - timedelta(days=self.change.days))
        shift = referral.release_date - release
        changed = coming.changed_release
        return replace(
            coming,
            referred_on=min(coming.referred_on, release),
            referral=replace(
                referral, release_date=release, latest_arrival=referral.latest_arrival - shift
            ),
            withdrawn_on=_not_after(coming.withdrawn_on, release),
            changed_on=_not_after(coming.changed_on, release),
            changed_release=None if changed is None else max(release, changed - shift),
        )


def _not_after(day: date | None, last: date) -> date | None:
    return None if day is None else min(day, last)

"""Demand factor: more or fewer people are referred."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import floor
from typing import Literal

from allocator.closed import CLOSED
from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.who import EVERYBODY, Who
from allocator.streams import Streams

OWN_FAMILY = "changed demand"


@dataclass(frozen=True, slots=True)
class DemandFactor:
    """`factor` times as many of the people, in the mean. Below 1 some of them are not referred;
    above 1 the same people are, and others like them besides, drawn from the same process.
    """

    __pydantic_config__ = CLOSED

    factor: float
    who: Who = EVERYBODY
    since: date | None = None
    """Referrals made on or after this day; None: all."""
    kind: Literal["demand_factor"] = "demand_factor"

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= 10:
            raise ValueError("factor must be from 0 to 10")

    def applied(self, inputs: Inputs) -> Inputs:
        self.who.checked(inputs.policy)
        found = Multiplied(
            inputs.demand, self.factor, self.who, self.since, inputs.policy, inputs.number
        )
        return replace(inputs, demand=found)


@dataclass(frozen=True, slots=True)
class Multiplied:
    """The process thinned, or put on top of itself: both leave a Poisson process Poisson.

    Implements `Demand`. One number from 0 to 1 belongs to each person whatever the factor is, so
    that who is there at one factor is also there at a greater one.
    """

    before: Demand
    factor: float
    who: Who
    since: date | None
    policy: Policy
    number: int

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        own = streams.family(f"{OWN_FAMILY}/{self.number}")
        usual = self.before.people(streams, first, until)
        if self.factor <= 1:
            chance = own("kept").random(len(usual))
            return tuple(
                each
                for each, drawn in zip(usual, chance, strict=True)
                if drawn < self.factor or not self._takes(each)
            )
        found = list(usual)
        more = self.factor - 1
        for n in range(floor(more) + 1):
            share = min(1.0, more - n)
            others = self.before.people(own.family(f"more/{n}"), first, until)
            chance = own(f"more/{n}").random(len(others))
            found += [
                self._renamed(each, n)
                for each, drawn in zip(others, chance, strict=True)
                if drawn < share and self._takes(each)
            ]
        return tuple(sorted(found, key=lambda each: each.referred_on))

    def _takes(self, coming: Coming) -> bool:
        late = self.since is None or coming.referred_on >= self.since
        return late and self.who.takes(coming.referral, self.policy)

    def _renamed(self, coming: Coming, n: int) -> Coming:
        """The process numbers its people from 1 each time: ids and CRNs of their own."""
        mark = f"+{self.number}.{n}-"
        referral = coming.referral
        renamed = replace(referral, id=mark + referral.id, crn=mark + referral.crn)
        return replace(coming, referral=renamed)

"""Request: someone who asks for a bed, as the plan rules see them before they are anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from allocator.check.facts import Facts
from allocator.check.people import last_shared_night
from allocator.explain.stock import Ints, Stock
from allocator.referral import Referral
from allocator.rules import licence_expiry
from allocator.vocabulary import MixAttribute


@dataclass(frozen=True, slots=True)
class Request:
    """A referral with what the rules about other people read of it.

    `alone_from`: the first night (after the plan's date) on which nobody may share the room.
    """

    referral: Referral
    days: Ints
    """Arrivals that the window and the licence allow, as days after the plan's date."""
    alone_from: int
    room_attributes: frozenset[str]
    capped: tuple[MixAttribute, ...]
    known_band: int

    @property
    def nights(self) -> int:
        return self.referral.nights


def request_of(referral: Referral, facts: Facts, stock: Stock) -> Request:
    """The request of a referral, which need not be one of the problem."""
    person = facts.person_of_referral(referral)
    last = last_shared_night(referral.essential, referral.sharing)
    return Request(
        referral=referral,
        days=arrival_days(referral, stock),
        alone_from=0 if last is None else stock.day(last + timedelta(days=1)),
        room_attributes=person.room_attributes(),
        capped=tuple(a for a in stock.caps if person.has(a, facts.policy)),
        known_band=facts.policy.known_band(referral),
    )


def arrival_days(referral: Referral, stock: Stock) -> Ints:
    """Arrivals that window and licence allow, with a stay that ends inside what is looked at."""
    window = licence_expiry.arrivals(referral, stock.as_of)
    if window is None:
        return np.zeros(0, dtype=np.int64)
    first, last = ((day - stock.as_of).days for day in window)
    return np.arange(first, min(last, stock.nights - referral.nights) + 1, dtype=np.int64)

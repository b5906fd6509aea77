"""The shape of an aim, and what its value depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum

from allocator.booking import Booking
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.plan import Sense
from allocator.referral import Referral


class Depends(Enum):
    """What of a placement an aim's value depends on, besides the referral."""

    NOTHING = "nothing"
    PREMISES = "premises"
    ROOM = "room"
    ARRIVAL = "arrival"
    PREMISES_AND_ARRIVAL = "premises and arrival"


OfReferral = Callable[[Referral, Place, int, Facts], int]
"""What a referral adds in a place, arriving so many days after the plan's date."""
OfBooking = Callable[[Booking, Place, bool, Facts], int]
"""What a booking adds in a place, moved there or not."""
Asks = Callable[[Referral], Hashable]
"""What of a referral decides the answer."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A sum over the people in beds. `by_band`: one level a band, counting that band only."""

    code: str
    sense: Sense
    unit: str
    of_referral: OfReferral | None = None
    of_booking: OfBooking | None = None
    depends: Depends = Depends.NOTHING
    by_band: bool = False
    asks: Asks | None = None
    """For an aim that depends on the room: those who ask alike are answered alike."""

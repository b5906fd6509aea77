"""Placements already made, which a plan must honour."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED
from allocator.nights import Stay
from allocator.referral import Referral, ShareAssessment
from allocator.sets import SetOf
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class Booking:
    """A person in a premises (`resident`), or booked into one.

    `bed_id` None: the source does not say which bed, and the plan gives one. `referral` holds
    what is known of the person; a booking without it can never be displaced, and counts as
    unknown wherever a rule asks about risk.
    """

    __pydantic_config__ = CLOSED

    id: str
    crn: str
    premises_id: str
    stay: Stay
    resident: bool = False
    bed_id: str | None = None
    essential: SetOf[Criterion] = frozenset()
    """Room criteria that the booking holds."""
    sharing: ShareAssessment | None = None
    referral: Referral | None = None

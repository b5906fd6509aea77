"""People in beds: everyone whom a rule may count on a night, placed, seated or surplus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.policy import Policy
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import Criterion, MixAttribute


@dataclass(frozen=True, slots=True)
class Person:
    """One person at one premises for one stay, from the plan's date on.

    `id` is the referral's or the booking's. `bed_id` None: a surplus booking. `new`: a placement
    of a referral, or a booking moved to this premises. `known` None: nothing is known of the risk.
    """

    id: str
    crn: str
    premises_id: str
    bed_id: str | None
    stay: Stay
    arrival: date
    booked: bool
    new: bool
    essential: frozenset[Criterion]
    sharing: ShareAssessment | None
    known: Referral | None

    def may_share(self, night: date) -> bool:
        """Whether a room-share assessment says so for the night; no assessment means no."""
        return (
            self.sharing is not None and self.sharing.suitable and night <= self.sharing.valid_until
        )

    def sleeps_alone(self, night: date) -> bool:
        """Whether nobody else may sleep in the room on the night."""
        return Criterion.IS_SINGLE in self.essential or not self.may_share(night)

    def room_attributes(self) -> frozenset[str]:
        """What `sharing.incompatible` of the policy speaks of."""
        if self.known is None:
            return frozenset(attribute.value for attribute in MixAttribute)
        offences = {offence.value for offence in self.known.offences | self.known.offences_unknown}
        vulnerable = {"vulnerable"} if self._is_vulnerable(self.known) else set()
        return frozenset(offences | vulnerable)

    def has(self, attribute: MixAttribute, policy: Policy) -> bool:
        """Whether a resident-mix cap on the attribute counts this person."""
        if self.known is None:
            return True
        if attribute is MixAttribute.TOP_BAND:
            return policy.band_of(self.known) == 1
        if attribute is MixAttribute.VULNERABLE:
            return self._is_vulnerable(self.known)
        return attribute.value in self.room_attributes()

    def _is_vulnerable(self, known: Referral) -> bool:
        """By the booking's own criteria or by those of its referral: either is enough."""
        return Criterion.IS_SUITABLE_FOR_VULNERABLE in self.essential | known.essential


def of_referral(referral: Referral, premises_id: str, bed_id: str | None, stay: Stay) -> Person:
    """The person of a referral in a bed, or nowhere yet."""
    return Person(
        id=referral.id,
        crn=referral.crn,
        premises_id=premises_id,
        bed_id=bed_id,
        stay=stay,
        arrival=stay.arrival,
        booked=False,
        new=True,
        essential=referral.essential,
        sharing=referral.sharing,
        known=referral,
    )


def of_booking(
    booking: Booking, premises_id: str, bed_id: str | None, nights: Stay, *, new: bool
) -> Person:
    """The person of a booking in a bed, or surplus; `nights` are those to come."""
    return Person(
        id=booking.id,
        crn=booking.crn,
        premises_id=premises_id,
        bed_id=bed_id,
        stay=nights,
        arrival=booking.stay.arrival,
        booked=True,
        new=new,
        essential=booking.essential,
        sharing=booking.sharing,
        known=booking.referral,
    )


def last_shared_night(
    essential: frozenset[Criterion], sharing: ShareAssessment | None
) -> date | None:
    """The last night on which the person may share a room; None: no night at all."""
    if Criterion.IS_SINGLE in essential or sharing is None or not sharing.suitable:
        return None
    return sharing.valid_until


def incompatible(one: Person, other: Person, policy: Policy) -> bool:
    """Whether the policy says that two such people never share a room."""
    return never_share(one.room_attributes(), other.room_attributes(), policy)


def never_share(mine: frozenset[str], theirs: frozenset[str], policy: Policy) -> bool:
    """Whether the policy keeps something of the one apart from something of the other."""
    return any(
        (first in mine and second in theirs) or (second in mine and first in theirs)
        for first, second in ((min(pair), max(pair)) for pair in policy.never_share)
    )

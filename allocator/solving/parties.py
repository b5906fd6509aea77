"""Parties: everyone the plan may give a bed to, referrals and open bookings alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.booking import Booking
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral, ShareAssessment
from allocator.rules import licence_expiry
from allocator.solving.settled import Settled, ahead, movable
from allocator.vocabulary import Criterion, MixAttribute, Offence

NEVER = -1
ALWAYS = 10**6
EVERY_ATTRIBUTE = frozenset(attribute.value for attribute in MixAttribute)


@dataclass(frozen=True, slots=True)
class Party:
    """A referral, or an open booking. Days count from as_of.

    `first`, `last`: arrivals allowed (a booking has one). `share_until`: last night on which the
    person may share a room, NEVER when not at all.
    """

    id: str
    crn: str
    first: int
    last: int
    nights: int
    band: int
    share_until: int
    attributes: frozenset[str]
    referral: Referral | None
    booking: Booking | None = None
    movable: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the party is a referral rather than a booking."""
        return self.booking is None

    def may_share(self, night: int) -> bool:
        """Whether the person may share a room on the night."""
        return night <= self.share_until


def parties_of(
    problem: Problem, policy: Policy, settled: Settled, displacement: bool
) -> tuple[Party, ...]:
    """Open bookings first, then referrals, each in order of id; people with no arrival left out."""
    may_move = {
        booking.id
        for booking in settled.open
        if movable(booking, problem, policy, displacement) and _licence_allows(booking)
    }
    apart = {pair.crn: pair.other_crn for pair in problem.separations} | {
        pair.other_crn: pair.crn for pair in problem.separations
    }
    moving_crns = {booking.crn for booking in settled.open if booking.id in may_move}
    booked = [
        _booked(
            booking,
            problem,
            policy,
            # Two bookings kept apart stay where they are: at home they are no breach.
            booking.id in may_move and apart.get(booking.crn) not in moving_crns,
        )
        for booking in settled.open
    ]
    referred = (
        _referred(referral, problem, policy)
        for referral in sorted(problem.referrals, key=lambda r: r.id)
    )
    return tuple(booked + [party for party in referred if party is not None])


def _licence_allows(booking: Booking) -> bool:
    """Whether the booking's own stay ends by the end of the licence, as a move asks."""
    expiry = booking.referral.licence_expiry if booking.referral else None
    return expiry is None or booking.stay.departure <= expiry


def _referred(referral: Referral, problem: Problem, policy: Policy) -> Party | None:
    window = licence_expiry.arrivals(referral, problem.as_of)
    if window is None:
        return None
    return Party(
        id=referral.id,
        crn=referral.crn,
        first=(window[0] - problem.as_of).days,
        last=(window[1] - problem.as_of).days,
        nights=referral.nights,
        band=policy.band_of(referral),
        share_until=shares_until(referral.sharing, referral.essential, problem.as_of),
        attributes=attributes_of(referral, policy),
        referral=referral,
    )


def _booked(booking: Booking, problem: Problem, policy: Policy, may_move: bool) -> Party:
    stay = ahead(booking, problem)
    assert stay is not None
    return Party(
        id=booking.id,
        crn=booking.crn,
        first=(stay.arrival - problem.as_of).days,
        last=(stay.arrival - problem.as_of).days,
        nights=stay.nights,
        band=0,
        share_until=shares_until(booking.sharing, booking.essential, problem.as_of),
        attributes=booking_attributes(booking, policy),
        referral=booking.referral,
        booking=booking,
        movable=may_move,
    )


def shares_until(
    sharing: ShareAssessment | None, essential: frozenset[Criterion], as_of: date
) -> int:
    """Last night, in days from as_of, on which a room may be shared."""
    if sharing is None or not sharing.suitable or Criterion.IS_SINGLE in essential:
        return NEVER
    return max(NEVER, (sharing.valid_until - as_of).days)


def attributes_of(referral: Referral, policy: Policy) -> frozenset[str]:
    """What mix caps and sharing pairs look at; offences that may apply count."""
    found = {offence.value for offence in Offence if offence in referral.possible_offences}
    if referral.vulnerable:
        found.add(MixAttribute.VULNERABLE.value)
    if policy.band_of(referral) == 1:
        found.add(MixAttribute.TOP_BAND.value)
    return frozenset(found)


def booking_attributes(booking: Booking, policy: Policy) -> frozenset[str]:
    """A booking about whose person nothing is known has every attribute."""
    if booking.referral is None:
        return EVERY_ATTRIBUTE
    found = attributes_of(booking.referral, policy)
    if Criterion.IS_SUITABLE_FOR_VULNERABLE in booking.essential:
        found |= {MixAttribute.VULNERABLE.value}
    return found

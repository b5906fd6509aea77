"""What mix caps and room sharing count a person as."""

from __future__ import annotations

from allocator.booking import Booking
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute

EVERY = frozenset(attribute.value for attribute in MixAttribute)


def attributes_of(referral: Referral, policy: Policy) -> frozenset[str]:
    """The attributes of someone who asks."""
    found = {kind.value for kind in referral.possible_offences}
    if referral.vulnerable:
        found.add(MixAttribute.VULNERABLE.value)
    if policy.band_of(referral) == 1:
        found.add(MixAttribute.TOP_BAND.value)
    return frozenset(found)


def attributes_of_booking(booking: Booking, policy: Policy) -> frozenset[str]:
    """The same for a booking; one of which nothing is known counts as everything."""
    return EVERY if booking.referral is None else attributes_of(booking.referral, policy)

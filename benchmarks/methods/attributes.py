"""What mix caps and room sharing count a person as."""

from __future__ import annotations

from allocator.booking import Booking
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.vocabulary import Criterion, MixAttribute

EVERY = frozenset(attribute.value for attribute in MixAttribute)


def attributes_of(referral: Referral, policy: Policy) -> frozenset[str]:
    """The attributes of someone who asks."""
    return _of(referral, referral.essential, policy)


def attributes_of_booking(booking: Booking, policy: Policy) -> frozenset[str]:
    """The same for a booking, by its own criteria; nothing known of it counts as everything."""
    if booking.referral is None:
        return EVERY
    return _of(booking.referral, booking.essential, policy)


def _of(referral: Referral, essential: frozenset[Criterion], policy: Policy) -> frozenset[str]:
    found = {kind.value for kind in referral.possible_offences}
    if Criterion.IS_SUITABLE_FOR_VULNERABLE in essential:
        found.add(MixAttribute.VULNERABLE.value)
    if policy.band_of(referral) == 1:
        found.add(MixAttribute.TOP_BAND.value)
    return frozenset(found)

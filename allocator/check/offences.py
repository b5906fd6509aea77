"""Premises and room take every offence that may apply. Model: docs/model.md#offences."""

from __future__ import annotations

from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.check.shape import Reads
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.vocabulary import Criterion, Offence

CODE = "offences"
READS = Reads.ROOM
TEXT = "the premises or the room does not take an offence that applies, or may apply"

PREMISES_MUST_HAVE = {
    Offence.SEXUAL_ADULT: Criterion.ACCEPTS_SEX_OFFENDERS,
    Offence.SEXUAL_CHILD: Criterion.ACCEPTS_CHILD_SEX_OFFENDERS,
    Offence.NON_SEXUAL_CHILD: Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS,
    Offence.HATE: Criterion.ACCEPTS_HATE_CRIME_OFFENDERS,
}
ROOM_MUST_HAVE = {
    Offence.SEXUAL_ADULT: Criterion.IS_SUITED_FOR_SEX_OFFENDERS,
    Offence.SEXUAL_CHILD: Criterion.IS_SUITED_FOR_SEX_OFFENDERS,
    Offence.ARSON: Criterion.IS_ARSON_SUITABLE,
}


def allows(referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
    """Whether the table is met, the premises' part by the premises and the room's by the room."""
    may_apply = referral.offences | referral.offences_unknown
    of_premises = {PREMISES_MUST_HAVE[o] for o in may_apply if o in PREMISES_MUST_HAVE}
    return (
        of_premises <= place.premises.characteristics
        and needed_of_room(referral) <= place.room.characteristics
    )


def needed_of_room(referral: Referral) -> frozenset[Criterion]:
    """What the room must have for the offences that may apply."""
    may_apply = referral.offences | referral.offences_unknown
    return frozenset(ROOM_MUST_HAVE[o] for o in may_apply if o in ROOM_MUST_HAVE)

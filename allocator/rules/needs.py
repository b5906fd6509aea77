"""What an offence asks of a premises and of a room. Source: assessment form, docs/model.md."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.vocabulary import Criterion, Offence

OF_PREMISES = {
    Offence.SEXUAL_ADULT: Criterion.ACCEPTS_SEX_OFFENDERS,
    Offence.SEXUAL_CHILD: Criterion.ACCEPTS_CHILD_SEX_OFFENDERS,
    Offence.NON_SEXUAL_CHILD: Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS,
    Offence.HATE: Criterion.ACCEPTS_HATE_CRIME_OFFENDERS,
}
OF_ROOM = {
    Offence.SEXUAL_ADULT: Criterion.IS_SUITED_FOR_SEX_OFFENDERS,
    Offence.SEXUAL_CHILD: Criterion.IS_SUITED_FOR_SEX_OFFENDERS,
    Offence.ARSON: Criterion.IS_ARSON_SUITABLE,
}


def of_premises(offences: Iterable[Offence]) -> frozenset[Criterion]:
    """Characteristics the premises must have."""
    return frozenset(OF_PREMISES[o] for o in offences if o in OF_PREMISES)


def of_room(offences: Iterable[Offence]) -> frozenset[Criterion]:
    """Characteristics the room must have."""
    return frozenset(OF_ROOM[o] for o in offences if o in OF_ROOM)

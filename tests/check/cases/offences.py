from allocator.vocabulary import Criterion, Offence
from tests.builders import a_problem, a_referral, an_estate
from tests.check.case import allowed, breached

SEX_ROOM = Criterion.IS_SUITED_FOR_SEX_OFFENDERS
ARSON_ROOM = Criterion.IS_ARSON_SUITABLE
NEEDS = {
    Offence.SEXUAL_ADULT: (Criterion.ACCEPTS_SEX_OFFENDERS, SEX_ROOM),
    Offence.SEXUAL_CHILD: (Criterion.ACCEPTS_CHILD_SEX_OFFENDERS, SEX_ROOM),
    Offence.NON_SEXUAL_CHILD: (Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS, None),
    Offence.HATE: (Criterion.ACCEPTS_HATE_CRIME_OFFENDERS, None),
    Offence.ARSON: (None, ARSON_ROOM),
}


def asked(premises, room, **changes):
    estate = an_estate(
        premises={"P1": {"characteristics": frozenset(premises) - {None}}},
        rooms={"P1-R1": {"characteristics": frozenset(room) - {None}}},
    )
    return a_problem(referrals=[a_referral(**changes)], **estate)


CASES = [
    allowed("no offence asks for nothing", asked((), ())),
    *(
        allowed(
            f"{offence.value} where premises and room take it",
            asked({premises}, {room}, offences=frozenset({offence})),
        )
        for offence, (premises, room) in NEEDS.items()
    ),
    *(
        breached(
            f"{offence.value} where the premises does not take it",
            asked((), {room}, offences=frozenset({offence})),
        )
        for offence, (premises, room) in NEEDS.items()
        if premises
    ),
    *(
        breached(
            f"{offence.value} where the room does not take it",
            asked({premises}, (), offences=frozenset({offence})),
        )
        for offence, (premises, room) in NEEDS.items()
        if room
    ),
    breached(
        "what nobody has answered for applies",
        asked((), (), offences_unknown=frozenset({Offence.ARSON})),
    ),
    breached(
        "the premises' part is not met by the room, nor the other way round",
        asked(
            {SEX_ROOM},
            {Criterion.ACCEPTS_SEX_OFFENDERS},
            offences=frozenset({Offence.SEXUAL_ADULT}),
        ),
    ),
    breached(
        "a second offence that is not taken",
        asked(
            {Criterion.ACCEPTS_HATE_CRIME_OFFENDERS},
            (),
            offences=frozenset({Offence.HATE, Offence.NON_SEXUAL_CHILD}),
        ),
    ),
]

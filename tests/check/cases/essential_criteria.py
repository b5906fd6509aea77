from allocator.vocabulary import Criterion
from tests.builders import a_problem, a_referral, an_estate
from tests.check.case import allowed, breached

LIFT, GROUND, SINGLE = Criterion.HAS_LIFT, Criterion.IS_GROUND_FLOOR, Criterion.IS_SINGLE


def asked(essential, premises=(), room=(), other_room=()):
    estate = an_estate(
        {"P1": (1, 1)},
        premises={"P1": {"characteristics": frozenset(premises)}},
        rooms={
            "P1-R1": {"characteristics": frozenset(room)},
            "P1-R2": {"characteristics": frozenset(other_room)},
        },
    )
    return a_problem(referrals=[a_referral(essential=frozenset(essential))], **estate)


CASES = [
    allowed("premises and room meet one each", asked({LIFT, GROUND}, {LIFT}, {GROUND})),
    allowed("a single room is not asked of the bed", asked({SINGLE})),
    allowed("a room may have more than is asked", asked({GROUND}, (), {GROUND, LIFT})),
    breached("the room lacks one of two", asked({LIFT, GROUND}, {LIFT})),
    breached("another room of the premises has it", asked({GROUND}, (), (), {GROUND})),
]

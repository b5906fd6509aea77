from allocator.vocabulary import Criterion, Offence
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_policy,
    a_problem,
    a_referral,
    an_estate,
    may_share,
)
from tests.check.case import allowed, breached

VULNERABLE = Criterion.IS_SUITABLE_FOR_VULNERABLE
DOUBLE = an_estate(
    {"P1": (2, 1)},
    premises={"P1": {"characteristics": ALL_ACCEPTED | {VULNERABLE}}},
    rooms={"P1-R1": {"characteristics": frozenset({Criterion.IS_SUITED_FOR_SEX_OFFENDERS})}},
)
IN_ONE_ROOM = {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", "P1-R1-B2", 1)]}


def two(first, second):
    values = {"sharing": may_share()}
    referrals = [a_referral("ref-1", **(values | first)), a_referral("ref-2", **(values | second))]
    return a_problem(referrals=referrals, **DOUBLE)


def beside_booking(seat=None, offences=frozenset(), **booking):
    problem = a_problem(
        referrals=[a_referral(sharing=may_share(), offences=offences)],
        bookings=[a_booking(**({"sharing": may_share()} | booking))],
        **DOUBLE,
    )
    return problem, {"seats": {"bkg-1": seat or "P1-R1-B2"}}


def known(**changes):
    return a_referral("of-bkg-1", crn="CRN-bkg-1", **changes)


SEXUAL = {"offences": frozenset({Offence.SEXUAL_ADULT})}
MAYBE_SEXUAL = {"offences_unknown": frozenset({Offence.SEXUAL_CHILD})}
AT_RISK = {"essential": frozenset({VULNERABLE})}
LATER = {"release_date": 3}


def case(verdict, text, problem_and_plan):
    problem, plan = problem_and_plan
    return verdict(text, problem, **plan)


CASES = [
    allowed("both may share", two({}, {}), **IN_ONE_ROOM),
    breached("one has no assessment", two({}, {"sharing": None}), **IN_ONE_ROOM),
    breached("the other has none", two({"sharing": None}, {}), **IN_ONE_ROOM),
    breached(
        "one was found not suitable", two({}, {"sharing": may_share(suitable=False)}), **IN_ONE_ROOM
    ),
    allowed("it holds to the last common night", two({}, {"sharing": may_share(2)}), **IN_ONE_ROOM),
    breached("it runs out the night before", two({}, {"sharing": may_share(1)}), **IN_ONE_ROOM),
    breached(
        "one needs a room of their own",
        two({"essential": frozenset({Criterion.IS_SINGLE})}, {}),
        **IN_ONE_ROOM,
    ),
    allowed(
        "no night in common",
        two({"sharing": None}, {"release_date": 3, "sharing": None}),
        placements=[("ref-1", "P1-R1-B1", 1), ("ref-2", "P1-R1-B2", 3)],
    ),
    allowed(
        "two rooms",
        two({"sharing": None}, {"sharing": None}),
        placements=[("ref-1", "P1-R1-B1", 1), ("ref-2", "P1-R2-B1", 1)],
    ),
    allowed("two of the same kind", two(SEXUAL, SEXUAL), **IN_ONE_ROOM),
    breached("two who never share", two(SEXUAL, AT_RISK), **IN_ONE_ROOM),
    breached("the other way round", two(AT_RISK, SEXUAL), **IN_ONE_ROOM),
    breached("what is not known may be so", two(MAYBE_SEXUAL, AT_RISK), **IN_ONE_ROOM),
    allowed(
        "a policy that forbids no pair",
        two(SEXUAL, AT_RISK),
        **IN_ONE_ROOM,
        policy=a_policy(never_share=frozenset()),
    ),
    breached(
        "a policy that keeps a kind apart from itself",
        two(SEXUAL, SEXUAL),
        **IN_ONE_ROOM,
        policy=a_policy(never_share=frozenset({frozenset({"sexual_adult"})})),
    ),
    case(allowed, "a booking of whom enough is known", beside_booking(referral=known())),
    case(allowed, "a booking in another room", beside_booking("P1-R2-B1", sharing=None)),
    case(
        breached,
        "a booking without an assessment",
        beside_booking(sharing=None, referral=known(sharing=may_share())),
    ),
    breached(
        "a booking of whom nothing is known is everything that others must not meet",
        a_problem(
            referrals=[a_referral(sharing=may_share(), **AT_RISK)],
            bookings=[a_booking(sharing=may_share())],
            **DOUBLE,
        ),
        seats={"bkg-1": "P1-R1-B2"},
    ),
    case(allowed, "nothing known, beside someone with no attribute", beside_booking()),
    case(
        breached,
        "a booking that is vulnerable by its referral alone",
        beside_booking(**SEXUAL, referral=known(**AT_RISK)),
    ),
    case(
        breached,
        "a booking that is vulnerable by its own criteria alone",
        beside_booking(**SEXUAL, **AT_RISK, referral=known()),
    ),
    case(allowed, "a booking that is not vulnerable", beside_booking(**SEXUAL, referral=known())),
    case(
        allowed,
        "a booking's own criteria decide whether it needs a room alone, not its referral's",
        beside_booking(referral=known(essential=frozenset({Criterion.IS_SINGLE}))),
    ),
    case(
        breached,
        "a booking that needs a room alone, though its referral does not",
        beside_booking(essential=frozenset({Criterion.IS_SINGLE}), referral=known()),
    ),
    allowed(
        "two bookings are how things are",
        a_problem(bookings=[a_booking("bkg-1"), a_booking("bkg-2")], **DOUBLE),
        placements=(),
        seats={"bkg-1": "P1-R1-B1", "bkg-2": "P1-R1-B2"},
    ),
    breached(
        "two who meet, after two in the room who do not",
        a_problem(
            referrals=[
                a_referral("ref-1", sharing=may_share()),
                a_referral("ref-2", release_date=3),
                a_referral("ref-3", release_date=1),
            ],
            **DOUBLE,
        ),
        placements=[
            ("ref-1", "P1-R1-B1", 1),
            ("ref-2", "P1-R1-B1", 3),
            ("ref-3", "P1-R1-B2", 1),
        ],
    ),
]

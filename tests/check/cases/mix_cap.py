from allocator.vocabulary import Criterion, MixAttribute, Offence, Rosh
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_cap,
    a_problem,
    a_referral,
    a_stay,
    an_estate,
)
from tests.check.case import allowed, breached

HATE = {"offences": frozenset({Offence.HATE})}
MAYBE_HATE = {"offences_unknown": frozenset({Offence.HATE})}
TOP = {"rosh": Rosh.VERY_HIGH}
VULNERABLE = Criterion.IS_SUITABLE_FOR_VULNERABLE
AT_RISK = {"essential": frozenset({VULNERABLE})}


def estate(*caps):
    characteristics = ALL_ACCEPTED | {VULNERABLE}
    premises = {"mix_caps": tuple(caps), "characteristics": characteristics}
    return an_estate(
        {"P1": (1, 1, 1), "P2": (1,)}, premises={"P1": premises, "P2": premises | {"mix_caps": ()}}
    )


def two(cap, first, second, bookings=()):
    referrals = [
        a_referral("ref-1", **first),
        a_referral("ref-2", **({"release_date": 1, "latest_arrival": 3} | second)),
    ]
    return a_problem(referrals=referrals, bookings=bookings, **estate(cap))


def at(bed="P1-R2-B1", arrival=1):
    return {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", bed, arrival)]}


ONE_HATE = a_cap(MixAttribute.HATE, 1)


def beside(cap, first, **booking):
    return a_problem(
        referrals=[a_referral(**first)], bookings=[a_booking(**booking)], **estate(cap)
    )


def known(**changes):
    return a_referral("of-bkg-1", crn="CRN-bkg-1", **changes)


CASES = [
    allowed("as many as the limit", two(a_cap(MixAttribute.HATE, 2), HATE, HATE), **at()),
    breached("one more than the limit", two(ONE_HATE, HATE, HATE), **at()),
    breached("a limit of nobody", two(a_cap(MixAttribute.HATE, 0), HATE, {}), **at()),
    allowed("one with the attribute and one without", two(ONE_HATE, HATE, {}), **at()),
    allowed("no night in common", two(ONE_HATE, HATE, HATE), **at(arrival=3)),
    breached("one night in common", two(ONE_HATE, HATE, HATE), **at(arrival=2)),
    allowed("at two premises", two(ONE_HATE, HATE, HATE), **at("P2-R1-B1")),
    breached("what is not known counts", two(ONE_HATE, HATE, MAYBE_HATE), **at()),
    breached("the top band", two(a_cap(MixAttribute.TOP_BAND, 1), TOP, TOP), **at()),
    allowed("the top band and another", two(a_cap(MixAttribute.TOP_BAND, 1), TOP, {}), **at()),
    breached("people at risk", two(a_cap(MixAttribute.VULNERABLE, 1), AT_RISK, AT_RISK), **at()),
    allowed("one person at risk", two(a_cap(MixAttribute.VULNERABLE, 1), AT_RISK, {}), **at()),
    breached("a surplus booking counts", beside(ONE_HATE, HATE, referral=known(**HATE))),
    breached(
        "a seated booking counts",
        beside(ONE_HATE, HATE, referral=known(**HATE)),
        seats={"bkg-1": "P1-R3-B1"},
    ),
    allowed("a booking without the attribute", beside(ONE_HATE, HATE, referral=known())),
    breached("a booking of whom nothing is known", beside(ONE_HATE, HATE)),
    breached(
        "a booking that is vulnerable by its referral alone",
        beside(a_cap(MixAttribute.VULNERABLE, 1), AT_RISK, referral=known(**AT_RISK)),
    ),
    breached(
        "a booking that is vulnerable by its own criteria alone",
        beside(a_cap(MixAttribute.VULNERABLE, 1), AT_RISK, referral=known(), **AT_RISK),
    ),
    allowed(
        "a booking that is not vulnerable",
        beside(a_cap(MixAttribute.VULNERABLE, 1), AT_RISK, referral=known()),
    ),
    allowed("a booking on other nights", beside(ONE_HATE, HATE, stay=a_stay(3, 2))),
    allowed(
        "over the limit, and nobody new with the attribute",
        beside(a_cap(MixAttribute.HATE, 0), {}),
    ),
    allowed(
        "a booking that is moved away no longer counts",
        a_problem(
            referrals=[a_referral(release_date=8, **HATE)],
            bookings=[a_booking(stay=a_stay(8, 2), referral=known(**HATE))],
            **estate(ONE_HATE),
        ),
        placements=[("ref-1", "P1-R1-B1", 8)],
        seats={"bkg-1": "P2-R1-B1"},
        displacement=True,
    ),
]

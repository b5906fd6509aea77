"""Options of a certificate: none that breaks a rule with a booking that will not move."""

from dataclasses import replace

import pytest

from allocator.check import certified_bound
from allocator.plan import Certificate
from allocator.vocabulary import Criterion, Offence
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_problem,
    a_referral,
    a_separation,
    a_stay,
    an_estate,
    day,
    default_policy,
    may_share,
)
from tests.plans import a_plan


def free_bound(referral, booking, estate, *, separations=(), **plan):
    """How many of one referral can be placed, says a certificate without a price: 1 or 0."""
    problem = a_problem(
        referrals=[a_referral(**referral)], bookings=[booking], separations=separations, **estate
    )
    certificate = Certificate("placed/4", 1, (), ())
    return certified_bound(certificate, a_plan(problem, **plan), problem, default_policy())


ROOMY = an_estate({"P1": (1, 1)})


@pytest.mark.parametrize(
    ("booking", "expected"),
    [
        (a_booking(crn="CRN-ref-1"), 0),
        (a_booking(crn="CRN-ref-1", stay=a_stay(2, 9)), 0),
        (a_booking(crn="CRN-ref-1", stay=a_stay(3, 9)), 1),  # the day the referral would leave
        (a_booking(crn="CRN-ref-1", stay=a_stay(-5, 6)), 1),
        (a_booking(crn="CRN-other"), 1),
    ],
)
def test_nobody_has_an_option_on_a_night_of_a_booking_of_their_own(booking, expected):
    assert free_bound({}, booking, ROOMY) == expected
    assert free_bound({}, booking, ROOMY, displacement=True) == expected


def test_a_later_arrival_is_an_option_when_the_first_is_taken_by_a_booking_of_their_own():
    booking = a_booking(crn="CRN-ref-1", stay=a_stay(0, 2))
    assert free_bound({"latest_arrival": day(2)}, booking, ROOMY) == 1


@pytest.mark.parametrize("bed_id", [None, "P1-R1-B1"])
def test_nobody_has_an_option_where_they_must_not_meet_a_booking_that_stays(bed_id):
    apart = [a_separation("CRN-other", "CRN-ref-1")]
    booking = a_booking(crn="CRN-other", bed_id=bed_id)
    assert free_bound({}, booking, ROOMY) == 1
    assert free_bound({}, booking, ROOMY, separations=apart) == 0
    away = replace(booking, stay=a_stay(3, 2))
    assert free_bound({}, away, ROOMY, separations=apart) == 1
    elsewhere = an_estate({"P1": (1, 1), "P2": (1,)})
    assert free_bound({}, booking, elsewhere, separations=apart) == 1
    near = [a_separation("CRN-ref-1", "CRN-other", 5.0)]
    assert free_bound({}, booking, elsewhere, separations=near) == 0


def test_a_separation_from_a_booking_that_may_move_bars_no_option():
    apart = [a_separation("CRN-other", "CRN-ref-1")]
    movable = a_booking(
        crn="CRN-other", stay=a_stay(8, 2), referral=a_referral("of-bkg-1", crn="CRN-other")
    )
    asked = {"release_date": 8, "latest_arrival": 8}
    assert free_bound(asked, movable, ROOMY, separations=apart) == 0
    assert free_bound(asked, movable, ROOMY, separations=apart, displacement=True) == 1


SEXUAL = {"offences": frozenset({Offence.SEXUAL_ADULT})}
AT_RISK = {"essential": frozenset({Criterion.IS_SUITABLE_FOR_VULNERABLE})}


@pytest.mark.parametrize(
    ("referral", "booking", "expected"),
    [
        ({"sharing": may_share()}, {"sharing": may_share()}, 1),
        ({}, {"sharing": may_share()}, 0),
        ({"sharing": may_share()}, {}, 0),
        ({"sharing": may_share(1)}, {"sharing": may_share()}, 0),  # it runs out on the second night
        ({"sharing": may_share(2)}, {"sharing": may_share(2)}, 1),
        ({"sharing": may_share()}, {"sharing": may_share(1)}, 0),
        ({"sharing": may_share(1)}, {"sharing": may_share(1), "stay": a_stay(0, 2)}, 1),
        ({}, {"stay": a_stay(3, 2)}, 1),
        ({}, {"bed_id": None}, 1),  # nobody knows in which bed it will be
        (SEXUAL | {"sharing": may_share()}, {"sharing": may_share()}, 0),  # nothing is known
        (
            SEXUAL | {"sharing": may_share()},
            {"sharing": may_share(), "referral": a_referral("of-bkg-1")},
            1,
        ),
        (
            SEXUAL | {"sharing": may_share()},
            {"sharing": may_share(), "referral": a_referral("of-bkg-1", **AT_RISK)},
            0,
        ),
        (
            SEXUAL | {"sharing": may_share()},
            {"sharing": may_share(), "referral": a_referral("of-bkg-1")} | AT_RISK,
            0,
        ),
    ],
)
def test_nobody_has_an_option_beside_someone_settled_they_may_not_share_with(
    referral, booking, expected
):
    accepting = {"characteristics": ALL_ACCEPTED}
    suited = {"characteristics": frozenset({Criterion.IS_SUITED_FOR_SEX_OFFENDERS})}
    estate = an_estate({"P1": (2,)}, premises={"P1": accepting}, rooms={"P1-R1": suited})
    booked = a_booking(**({"bed_id": "P1-R1-B2"} | booking))
    assert free_bound(referral, booked, estate) == expected

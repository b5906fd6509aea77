"""Who keeps a room to themselves pays for its other beds too: sums of two nights by hand.

Bed 1 of the room costs 1 on the first night and 2 on the second, bed 2 costs 10 and 20.
"""

from dataclasses import replace

import pytest

from allocator.check import certified_bound
from allocator.check.prices import CertificateError
from allocator.plan import BedPrices, Certificate, PriceRun
from allocator.vocabulary import Criterion
from tests.builders import (
    a_booking,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    default_policy,
    may_share,
    out_of_service,
)
from tests.plans import a_plan

BESIDE = "P1-R1-B2"
WORTH_MORE = 10_000
"""What sleeping anywhere is worth, so that the cheapest option is taken at any price below."""


def two_nights(bed_id, one, other, first=1):
    runs = (PriceRun(day(first), one), PriceRun(day(first + 1), other))
    return BedPrices((bed_id,), (*runs, PriceRun(day(first + 2), 0)))


ROOM_OF_TWO = (two_nights("P1-R1-B1", 1, 2), two_nights(BESIDE, 10, 20))


def paid(beds, problem, *, earns="placed/4", **plan):
    """What the cheapest option of the only party costs.

    At weight 0 on sleeping anywhere the bound is what the free beds come to, and -1 times that
    because fewest miles are wanted; at a higher weight it also has weight - cost. Nobody has a
    location, so that no miles count.
    """
    plan = a_plan(problem, placements=(), **plan)
    bounds = [
        certified_bound(
            Certificate("miles", 1, ((earns, weight),), beds), plan, problem, default_policy()
        )
        for weight in (0, WORTH_MORE)
    ]
    return WORTH_MORE - (bounds[0] - bounds[1])


def paid_by(*, bookings=(), out=(), beds=ROOM_OF_TWO, shape=(2,), **referral):
    problem = a_problem(
        referrals=[a_referral(location=None, **referral)],
        bookings=bookings,
        out_of_service=out,
        **an_estate({"P1": shape}),
    )
    return paid(beds, problem)


def test_someone_who_may_not_share_pays_for_both_beds():
    assert paid_by() == 1 + 2 + 10 + 20
    assert paid_by(sharing=may_share(suitable=False)) == 33
    assert paid_by(sharing=may_share(0)) == 33


def test_someone_who_may_share_pays_for_their_own_bed():
    assert paid_by(sharing=may_share()) == 1 + 2
    assert paid_by(sharing=may_share(2)) == 3


def test_an_assessment_that_runs_out_during_the_stay_costs_the_other_bed_from_then_on():
    # In bed 1: 1, then 2 + 20. In bed 2 it would be 10, then 20 + 2.
    assert paid_by(sharing=may_share(1)) == 23


def test_someone_who_needs_a_single_room_pays_for_both_beds_though_they_may_share():
    assert paid_by(sharing=may_share(), essential=frozenset({Criterion.IS_SINGLE})) == 33


def test_a_room_of_one_bed_costs_no_other_bed():
    assert paid_by(shape=(1, 1), beds=(ROOM_OF_TWO[0], two_nights("P1-R2-B1", 10, 20))) == 3


def test_each_other_bed_of_the_room_is_paid_for():
    beds = (*ROOM_OF_TWO, two_nights("P1-R1-B3", 100, 200))
    assert paid_by(shape=(3,), beds=beds) == 333
    assert paid_by(shape=(3,), beds=beds, sharing=may_share(1)) == 1 + 222
    assert paid_by(shape=(3, 2), beds=beds, sharing=may_share(1)) == 0


@pytest.mark.parametrize(
    ("first", "nights", "expected"),
    [(1, 1, 3 + 20), (2, 1, 3 + 10), (1, 2, 3), (0, 1, 33), (3, 9, 33)],
)
def test_another_bed_that_is_out_of_service_is_not_paid_for(first, nights, expected):
    # Whoever sleeps in bed 2 itself would do so on both nights: then there is only bed 1.
    assert paid_by(out=[out_of_service(BESIDE, first, nights)]) == expected


@pytest.mark.parametrize(("nights", "expected"), [(1, 33), (2, 3 + 20), (3, 3), (9, 3)])
def test_another_bed_that_a_settled_booking_blocks_is_not_paid_for(nights, expected):
    # The resident leaves on day 1 and keeps the bed; the booking from day 0 is surplus, and takes
    # its nights from the bed all the same. Nobody keeps a bed of the room from day 1 on.
    resident = a_resident(bed_id=BESIDE, stay=a_stay(-5, 6))
    surplus = a_booking(bed_id=BESIDE, stay=a_stay(0, nights))
    assert paid_by(bookings=(resident, surplus)) == expected


def test_beside_someone_settled_the_other_bed_is_paid_for_once_they_have_left():
    # Both may share on day 1; from day 2 on the bed of the booking is free and must stay empty.
    settled = a_booking(bed_id=BESIDE, stay=a_stay(1, 1), sharing=may_share())
    assert paid_by(bookings=(settled,), sharing=may_share(1)) == 1 + 22
    assert paid_by(bookings=(settled,), sharing=may_share()) == 3


def test_an_open_booking_at_its_own_premises_pays_for_its_own_bed():
    problem = a_problem(bookings=[a_booking()], **an_estate({"P1": (2,)}))
    assert paid(ROOM_OF_TWO, problem, earns="bookings_kept") == 3


@pytest.mark.parametrize(
    ("booking", "expected"),
    [({}, 33), ({"sharing": may_share()}, 3), ({"sharing": may_share(8)}, 1 + 22)],
)
def test_a_booking_that_is_moved_pays_for_what_it_does_not_share(booking, expected):
    # It may stay at P1 for 500 a night, or move to the room at P2.
    beds = (
        two_nights("P1-R1-B1", 500, 500, first=8),
        two_nights("P2-R1-B1", 1, 2, first=8),
        two_nights("P2-R1-B2", 10, 20, first=8),
    )
    known = a_referral("of-bkg-1", crn="CRN-bkg-1")
    movable = a_booking(stay=a_stay(8, 2), referral=known, **booking)
    problem = a_problem(bookings=[movable], **an_estate({"P1": (1,), "P2": (2,)}))
    assert paid(beds, problem, earns="bookings_kept", displacement=True) == expected
    assert paid(beds, problem, earns="bookings_kept") == 1000


def placed_bound(scale, price=1, **referral):
    """How many of three can be placed in one room of two beds, at a price for night 1."""
    referrals = tuple(a_referral(f"ref-{n}", **referral) for n in (1, 2, 3))
    problem = a_problem(referrals=referrals, **an_estate({"P1": (2,)}))
    runs = (PriceRun(day(1), price), PriceRun(day(2), 0))
    certificate = Certificate("placed/4", scale, (), (BedPrices(("P1-R1-B1", BESIDE), runs),))
    return certified_bound(certificate, a_plan(problem, placements=()), problem, default_policy())


def test_a_room_that_nobody_shares_holds_one():
    # In halves: capacity 1 + 1; each gains 2 and pays 1 + 1, so nobody is worth anything.
    assert placed_bound(2) == 1


def test_a_room_that_is_shared_holds_two():
    # In halves each gains 2 and pays 1: (2 + 3) halves. At scale 1 nobody is worth anything: 2.
    assert placed_bound(2, sharing=may_share()) == 2
    assert placed_bound(1, sharing=may_share()) == 2


def test_prices_of_a_room_too_large_to_add_up_are_refused():
    # Three nights at 2^54 stay below 2^56, but not those of two beds.
    with pytest.raises(CertificateError):
        placed_bound(2**54, price=2**54)
    large = 2**53
    assert placed_bound(2 * large, price=large) == 1


def test_large_prices_of_rooms_of_one_bed_are_none_too_large():
    referrals = (a_referral(),)
    problem = a_problem(referrals=referrals, **an_estate({"P1": (1, 1)}))
    runs = (PriceRun(day(1), 2**54), PriceRun(day(2), 0))
    certificate = Certificate("placed/4", 2**54, (), (BedPrices(("P1-R1-B1", "P1-R2-B1"), runs),))
    plan = a_plan(problem, placements=())
    assert certified_bound(certificate, plan, problem, default_policy()) == 2
    # A room of two elsewhere changes nothing but that the one person has a bed there for nothing.
    shared = replace(problem, **an_estate({"P1": (1, 1), "P2": (2,)}))
    assert certified_bound(certificate, plan, shared, default_policy()) == 3

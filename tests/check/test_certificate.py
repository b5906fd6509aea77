"""Certificates: added up by hand, held against the long way, and tampered with."""

from dataclasses import replace
from random import Random

import pytest

from allocator.check import certified_bound, check
from allocator.check.prices import CertificateError
from allocator.plan import BedPrices, Certificate, PriceRun, SidePrices
from allocator.vocabulary import MixAttribute, Offence
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_cap,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    default_policy,
)
from tests.check.blind_prices import a_certificate, an_even_certificate
from tests.check.plain_bound import plain_bound
from tests.oracle import Oracle
from tests.plans import a_plan
from tests.strategies import a_small_case

# Two beds, three people of band 4 who each ask for the nights of day 1 and day 2.
TWO_BEDS = a_problem(
    referrals=[a_referral(f"ref-{n}") for n in (1, 2, 3)], **an_estate({"P1": (1, 1)})
)
PLACEMENTS = [("ref-1", "P1-R1-B1", 1), ("ref-2", "P1-R2-B1", 1)]
BEDS = ("P1-R1-B1", "P1-R2-B1")


def runs(price, first=1, last=1):
    """That price on the nights from the first to the last."""
    return (PriceRun(day(first), price), PriceRun(day(last + 1), 0))


def bound(certificate, problem=TWO_BEDS, placements=PLACEMENTS, **plan):
    plan = a_plan(problem, placements=placements, **plan)
    return certified_bound(certificate, plan, problem, default_policy())


def placed_4(price=1, **changes):
    """Everyone must sleep on day 1, and there are two beds: at 1 a bed the bound is 2.

    Capacity 1 + 1; each person gains 1 and pays 1, so nobody is worth anything. 2 + 0 + 0 + 0.
    """
    certificate = Certificate("placed/4", 1, (), (BedPrices(BEDS, runs(price)),))
    return replace(certificate, **changes)


def test_a_certificate_bounds_what_two_beds_can_hold():
    assert bound(placed_4()) == 2


def test_without_prices_everyone_might_be_placed():
    assert bound(placed_4(0)) == 3


def test_an_estate_without_beds_holds_nobody():
    problem = replace(TWO_BEDS, premises=(), rooms=(), beds=(), bookings=())
    assert bound(Certificate("placed/4", 1, (), ()), problem, ()) == 0


def test_a_plan_for_nobody_reaches_nothing():
    problem = replace(TWO_BEDS, referrals=())
    assert bound(placed_4(), problem, ()) == 0
    assert check(a_plan(problem), problem, default_policy()) == []


def test_the_scale_divides_and_the_floor_is_taken():
    # In halves: capacity 1 + 1, each of three is worth 2 - 1 = 1: 5 halves, so no more than 2.
    assert bound(placed_4(1, scale=2)) == 2
    # In thirds: 2 + 3 · (3 - 1) = 8 thirds, so no more than 2.
    assert bound(placed_4(1, scale=3)) == 2
    # In quarters: 2 + 3 · (4 - 1) = 11 quarters, so no more than 2; at price 0 it is 12: 3.
    assert bound(placed_4(1, scale=4)) == 2
    assert bound(placed_4(0, scale=4)) == 3


def test_too_high_a_price_loosens_the_bound():
    assert bound(placed_4(2)) == 4


def test_a_price_on_nights_before_the_plans_date_is_no_price():
    early = BedPrices(BEDS, (PriceRun(day(-9), 7), PriceRun(day(0), 0), *runs(1)))
    assert bound(placed_4(beds=(early,))) == 2


def test_an_open_last_run_counts_to_the_last_night_that_anyone_can_sleep():
    # Nights of day 1 and day 2 in two beds: 4. The last departure is on day 3.
    assert bound(placed_4(beds=(BedPrices(BEDS, (PriceRun(day(1), 1),)),))) == 4


def test_settled_bookings_are_left_out_and_added_back():
    settled = a_resident(stay=a_stay(-5, 9))
    problem = replace(TWO_BEDS, bookings=(settled,))
    # One bed is free on day 1: capacity 1.
    assert bound(placed_4(), problem, [("ref-2", "P1-R2-B1", 1)]) == 1
    assert bound(Certificate("residents_kept", 1, (), ()), problem, ()) == 1


def test_fewest_is_bounded_from_below():
    # Premises P2 is 60 miles off, and P1 has one bed. Whoever goes to P2 adds 600 tenths.
    # Two people must be placed (weight 600 on placed/4), the bed of P1 costs 600 on day 1:
    # capacity 600; each person: P1 600 - 0 - 600 = 0, P2 600 - 600 = 0; - 600 · 2 = -600.
    # No plan that places two has fewer than 600 tenths.
    estate = an_estate(
        {"P1": (1,), "P2": (1,)}, premises={"P2": {"location": a_referral().location}}
    )
    referrals = [a_referral(f"ref-{n}") for n in (1, 2)]
    far = replace(estate["premises"][1], location=replace(a_referral().location, latitude=52.8684))
    problem = a_problem(
        referrals=referrals, **(estate | {"premises": (estate["premises"][0], far)})
    )
    placements = [("ref-1", "P1-R1-B1", 1), ("ref-2", "P2-R1-B1", 1)]
    certificate = Certificate(
        "miles", 1, (("placed/4", 600),), (BedPrices(("P1-R1-B1",), runs(600)),)
    )
    assert a_plan(problem, placements=placements).level("miles").value == 600
    assert bound(certificate, problem, placements) == 600


HATE = {"offences": frozenset({Offence.HATE})}


def capped(limit, *bookings):
    premises = {
        "mix_caps": (a_cap(MixAttribute.HATE, limit),),
        "characteristics": ALL_ACCEPTED,
        "arrivals_per_day": limit,
    }
    return a_problem(
        referrals=[a_referral(f"ref-{n}", **HATE) for n in (1, 2, 3)],
        bookings=bookings,
        **an_estate({"P1": (1, 1, 1, 1)}, premises={"P1": premises}),
    )


@pytest.mark.parametrize(("kind", "key"), [("mix", "P1/hate"), ("arrivals", "P1")])
def test_a_cap_bounds_those_whom_it_counts(kind, key):
    certificate = Certificate("placed/4", 1, (), (), (SidePrices(kind, key, runs(1)),))
    assert bound(certificate, capped(2), ()) == 2
    # A booking of whom nothing is known, who arrives on day 1 as well, takes one of the two.
    assert bound(certificate, capped(2, a_booking(bed_id="P1-R4-B1")), ()) == 1
    assert bound(certificate, capped(2, a_booking()), ()) == 1
    # The limit is never below nothing.
    assert bound(certificate, capped(0, a_booking()), ()) == 0


def test_premises_without_a_limit_of_their_own_have_the_policys():
    certificate = Certificate("placed/4", 1, (), (), (SidePrices("arrivals", "P1", runs(1)),))
    assert default_policy().arrivals_per_day == 4
    assert bound(certificate, TWO_BEDS) == 4


@pytest.mark.parametrize(
    "certificate",
    [
        placed_4(level="placed/9"),
        placed_4(scale=0),
        placed_4(scale=-1),
        placed_4(-1),
        placed_4(earlier=(("miles", 1),)),
        placed_4(earlier=(("placed/4", 1),)),
        placed_4(earlier=(("placed/1", -1),)),
        placed_4(earlier=(("placed/1", 1), ("placed/1", 1))),
        placed_4(beds=(BedPrices(("P9-R1-B1",), runs(1)),)),
        placed_4(beds=(BedPrices(BEDS, runs(1)), BedPrices(BEDS[:1], runs(1)))),
        placed_4(beds=(BedPrices(BEDS, runs(1)[::-1]),)),
        placed_4(2**60),
        placed_4(scale=2**60),
        placed_4(sides=(SidePrices("arrivals", "P1", runs(2**56)),)),
        placed_4(sides=(SidePrices("arrivals", "P1", runs(1)),) * 2),
        placed_4(sides=(SidePrices("room", "P1-R1", runs(1)),)),
        placed_4(sides=(SidePrices("mix", "P1/hate", runs(1)),)),
        placed_4(sides=(SidePrices("mix", "P1", runs(1)),)),
        placed_4(sides=(SidePrices("arrivals", "P9", runs(1)),)),
        placed_4(sides=(SidePrices("staff", "P1", runs(1)),)),
    ],
)
def test_what_is_no_certificate_proves_nothing(certificate):
    with pytest.raises(CertificateError):
        bound(certificate)
    plan = a_plan(TWO_BEDS, placements=PLACEMENTS, certificates=(certificate,))
    found = check(plan, TWO_BEDS, default_policy())
    assert [breach.code for breach in found] == [f"certificate:{certificate.level}"]


def test_mix_and_arrivals_are_no_sides_in_displacement_mode():
    for kind, key in (("mix", "P1/hate"), ("arrivals", "P1")):
        certificate = Certificate("placed/4", 1, (), (), (SidePrices(kind, key, runs(1)),))
        with pytest.raises(CertificateError):
            bound(certificate, capped(2), (), displacement=True)


def judged(certificate, stated_bound):
    """The breaches of a plan that states a bound on placed/4 and brings that certificate."""
    plan = a_plan(TWO_BEDS, placements=PLACEMENTS, certificates=(certificate,))
    levels = tuple(
        replace(lv, bound=stated_bound, proven=stated_bound == lv.value)
        if lv.code == "placed/4"
        else lv
        for lv in plan.levels
    )
    found = check(replace(plan, levels=levels), TWO_BEDS, default_policy())
    return [breach.code for breach in found]


def test_a_certificate_that_proves_its_level_is_accepted():
    assert judged(placed_4(), 2) == []


def test_a_certificate_may_prove_more_than_is_stated():
    assert judged(placed_4(), 3) == []


@pytest.mark.parametrize(
    "tampered",
    [
        placed_4(0),
        placed_4(2),
        placed_4(beds=(BedPrices(BEDS[:1], runs(1)),)),
        placed_4(beds=(BedPrices(BEDS, runs(1, 0, 0)),)),
        placed_4(beds=(BedPrices(BEDS, runs(1, 1, 2)),)),
    ],
)
def test_a_certificate_that_was_tampered_with_proves_less_than_is_stated(tampered):
    assert judged(tampered, 2) == ["certificate:placed/4"]


def test_a_wrong_weight_is_seen():
    # Three people of whom two can be placed; the one in P1-R1-B1 has an arrival a day late.
    problem = replace(
        TWO_BEDS, referrals=tuple(replace(r, latest_arrival=day(2)) for r in TWO_BEDS.referrals)
    )
    placements = PLACEMENTS
    rightly = Certificate("uncovered_nights/4", 1, (("placed/4", 1),), ())
    # Weight 1 and no price: 0 + 3 · 1 - 2 = 1 in the sense that most is wanted: no fewer than -1.
    assert bound(rightly, problem, placements) == -1
    # Weight 2 claims more for those who are not placed: 3 · 2 - 4 = 2: no fewer than -2.
    assert bound(replace(rightly, earlier=(("placed/4", 2),)), problem, placements) == -2


def test_sums_past_64_bits_are_refused_and_large_ones_are_exact():
    large = 2**50
    assert bound(placed_4(large, scale=large)) == 2
    assert bound(placed_4(large - 1, scale=large)) == 2
    assert bound(placed_4(large + 1, scale=large)) == 2


@pytest.mark.parametrize("displacement", [False, True])
@pytest.mark.parametrize("batch", range(3))
def test_the_quick_sum_is_the_sum_that_the_model_writes(batch, displacement):
    bounds = set()
    for seed in range(batch * 30, batch * 30 + 30):
        dice = Random(seed)
        case = a_small_case(dice, displacement=displacement)
        plan = Oracle(case.problem, case.policy, case.displacement, case.kept_plan).best()
        for number in range(len(plan.levels)):
            for maker in (a_certificate, an_even_certificate):
                certificate = maker(dice, plan, case.problem, number)
                asked = certificate, plan, case.problem, case.policy
                assert certified_bound(*asked) == plain_bound(*asked), (seed, certificate)
                bounds.add(certified_bound(*asked))
    assert len(bounds) > 20

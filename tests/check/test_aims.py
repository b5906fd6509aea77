"""What each aim comes to, worked out by hand."""

from dataclasses import replace

import pytest

from allocator.check import check, recompute
from allocator.plan import PlanStatus
from allocator.policy import AIM_CODES
from allocator.vocabulary import Criterion, Offence, RiskTier, Rosh
from tests.builders import (
    a_booking,
    a_point,
    a_policy,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    default_policy,
)
from tests.plans import a_plan

SINGLE, GROUND, EN_SUITE = Criterion.IS_SINGLE, Criterion.IS_GROUND_FLOOR, Criterion.HAS_EN_SUITE
ARSON = Criterion.IS_ARSON_SUITABLE
TWO = an_estate({"P1": (1, 1), "P2": (1,)}, premises={"P2": {"location": a_point(60)}})


def values(problem, *placements, policy=None, **plan):
    policy = policy or default_policy()
    return recompute(a_plan(problem, policy, placements=placements, **plan), problem, policy)


def of_one(code, bed="P1-R1-B1", arrival=1, estate=TWO, **referral):
    """The value of a level when one referral is placed."""
    problem = a_problem(referrals=[a_referral(**referral)], **estate)
    return values(problem, ("ref-1", bed, arrival))[code]


def test_residents_and_bookings_are_counted_apart_and_surplus_ones_not_at_all():
    bookings = [
        a_resident("res-1"),
        a_resident("res-2", stay=a_stay(-5, 9)),  # gives way to res-1, who leaves first
        a_booking("bkg-1"),
        a_booking("bkg-2"),
    ]
    found = values(a_problem(bookings=bookings, **TWO), seats={"bkg-1": "P1-R2-B1"})
    assert (found["residents_kept"], found["bookings_kept"]) == (1, 1)


@pytest.mark.parametrize(
    ("essential", "room", "beds", "suited"),
    [
        (set(), set(), 1, 1),
        ({GROUND}, {GROUND}, 1, 1),
        ({GROUND}, set(), 1, 0),
        ({SINGLE}, set(), 1, 1),  # one bed in the room, whatever is written of the room
        ({SINGLE}, {SINGLE}, 2, 0),
        ({SINGLE, GROUND}, {GROUND}, 1, 1),
    ],
)
def test_a_booking_is_suited_by_a_bed_with_all_it_holds(essential, room, beds, suited):
    booking = a_booking(bed_id="P1-R1-B1", essential=frozenset(essential))
    rooms = {"P1-R1": {"characteristics": frozenset(room)}}
    problem = a_problem(bookings=[booking], **an_estate({"P1": (beds,)}, rooms=rooms))
    assert values(problem)["bookings_suited"] == suited


def test_premises_may_have_what_a_booking_holds():
    estate = an_estate(premises={"P1": {"characteristics": frozenset({Criterion.HAS_LIFT})}})
    booking = a_booking(bed_id="P1-R1-B1", essential=frozenset({Criterion.HAS_LIFT}))
    assert values(a_problem(bookings=[booking], **estate))["bookings_suited"] == 1


@pytest.mark.parametrize(
    ("risk", "band"),
    [
        ({"rosh": Rosh.VERY_HIGH}, 1),
        ({"rosh": None}, 1),
        ({"mappa_level": 3}, 1),
        ({"mappa_level": None}, 1),
        ({"mappa_level": 2}, 2),
        ({"tier": RiskTier.A2}, 2),
        ({"tier": RiskTier.A}, 2),
        ({"tier": None}, 2),
        ({"tier": RiskTier.B}, 3),
        ({"rosh": Rosh.HIGH}, 3),
        ({}, 4),
    ],
)
def test_a_placement_counts_in_its_own_band_only(risk, band):
    problem = a_problem(referrals=[a_referral(**risk)])
    found = values(problem, ("ref-1", "P1-R1-B1", 1))
    assert [found[f"placed/{number}"] for number in (1, 2, 3, 4)] == [
        int(number == band) for number in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("attempts", "release", "points"),
    [
        (0, 1, 9),  # less than a week: 9 - 0
        (0, 7, 8),  # one week: 9 - 1
        (0, 13, 8),
        (0, 63, 0),  # nine weeks: 9 - 9
        (0, 200, 0),
        (2, 1, 29),  # 2 · 10 + 9
        (12, 1, 99),  # nine attempts count: 9 · 10 + 9
        (0, -30, 9),  # released already: no weeks left
    ],
)
def test_urgency_is_attempts_then_weeks_left(attempts, release, points):
    arrival = max(release, 0)
    assert (
        of_one(
            "urgent_first",
            arrival=arrival,
            release_date=release,
            latest_arrival=arrival,
            failed_attempts=attempts,
        )
        == points
    )


@pytest.mark.parametrize(("release", "arrival", "nights"), [(1, 1, 0), (1, 3, 2), (-4, 0, 4)])
def test_uncovered_nights_run_from_release_to_arrival(release, arrival, nights):
    referral = {"release_date": release, "latest_arrival": 3, "arrival": arrival}
    assert of_one("uncovered_nights/4", **referral) == nights
    assert of_one("uncovered_nights/1", **referral) == 0


@pytest.mark.parametrize(
    ("referral", "bed", "miles", "beyond"),
    [
        ({}, "P1-R1-B1", 0, 0),
        ({}, "P2-R1-B1", 600, 100),  # 60 miles, 10 beyond the policy's 50
        ({"aimed_radius_miles": 60}, "P2-R1-B1", 600, 0),
        ({"aimed_radius_miles": 0}, "P2-R1-B1", 600, 600),
        ({"location": None}, "P2-R1-B1", 0, 0),
        ({"location": a_point(59.96)}, "P2-R1-B1", 0, 0),  # 0.04 miles is no tenth
        ({"location": a_point(59.94)}, "P2-R1-B1", 1, 0),  # 0.06 miles is one
    ],
)
def test_miles_are_counted_in_tenths_to_the_nearest(referral, bed, miles, beyond):
    assert of_one("miles", bed, **referral) == miles
    assert of_one("miles_beyond", bed, **referral) == beyond


def test_premises_without_a_place_are_as_far_as_the_policy_says():
    estate = an_estate(premises={"P1": {"location": None}})
    assert of_one("miles", estate=estate) == 1500
    assert of_one("miles_beyond", estate=estate) == 1000
    assert of_one("miles", estate=estate, location=None) == 0


@pytest.mark.parametrize(
    ("preferred", "points"),
    [
        (("P1",), 5),
        (("P2", "P1"), 4),
        (("P2", "P3", "P4", "P5", "P1"), 1),
        (("P2", "P3", "P4", "P5", "P6", "P1"), 0),
        ((), 0),
        (("P1", "P2", "P1"), 5),
    ],
)
def test_the_first_of_the_preferred_premises_is_worth_most(preferred, points):
    assert of_one("preferred_premises", preferred_premises=preferred) == points


@pytest.mark.parametrize(
    ("desirable", "room", "beds", "met"),
    [
        ({GROUND, EN_SUITE}, {GROUND}, 1, 1),
        ({GROUND, EN_SUITE}, {GROUND, EN_SUITE, ARSON}, 1, 2),
        ({SINGLE}, {SINGLE}, 1, 1),
        ({SINGLE}, {SINGLE}, 2, 0),
        ({SINGLE}, set(), 1, 0),
    ],
)
def test_desirable_criteria_are_counted_where_the_bed_has_them(desirable, room, beds, met):
    rooms = {"P1-R1": {"characteristics": frozenset(room)}}
    estate = an_estate({"P1": (beds,)}, rooms=rooms)
    assert of_one("desirable_criteria", estate=estate, desirable=frozenset(desirable)) == met


@pytest.mark.parametrize(
    ("referral", "taken"),
    [
        ({}, 3),
        ({"essential": frozenset({GROUND})}, 2),
        ({"desirable": frozenset({GROUND})}, 3),  # wished for is not needed
        ({"offences": frozenset({Offence.ARSON})}, 2),
        ({"offences_unknown": frozenset({Offence.ARSON})}, 2),
    ],
)
def test_scarce_features_are_those_taken_without_need(referral, taken):
    features = frozenset({GROUND, EN_SUITE, ARSON, Criterion.HAS_WIDE_DOOR})
    estate = an_estate(rooms={"P1-R1": {"characteristics": features}})
    assert of_one("scarce_features", estate=estate, **referral) == taken


@pytest.mark.parametrize(
    ("bed", "arrival", "kept"),
    [("P1-R1-B1", 1, 1), ("P1-R2-B1", 1, 1), ("P2-R1-B1", 1, 0), ("P1-R1-B1", 2, 0)],
)
def test_least_change_wants_the_same_premises_and_arrival(bed, arrival, kept):
    problem = a_problem(referrals=[a_referral(latest_arrival=2)], **TWO)
    found = values(problem, ("ref-1", bed, arrival), kept_plan=(("ref-1", "P1", day(1)),))
    assert found["least_change"] == kept


def test_there_is_no_least_change_without_an_earlier_plan():
    assert "least_change" not in values(a_problem())


def test_moved_bookings_are_disturbed_and_kept():
    booking = a_booking(stay=a_stay(8, 2), referral=a_referral("of-bkg-1", crn="CRN-bkg-1"))
    problem = a_problem(bookings=[booking], **TWO)
    found = values(problem, seats={"bkg-1": "P2-R1-B1"}, displacement=True)
    assert (found["bookings_disturbed"], found["bookings_kept"]) == (1, 1)
    assert "bookings_disturbed" not in values(problem)


def test_aims_about_placements_do_not_count_bookings():
    far = a_booking(bed_id="P2-R1-B1", premises_id="P2", referral=a_referral("x", crn="CRN-bkg-1"))
    found = values(a_problem(bookings=[far], **TWO))
    assert {code for code, value in found.items() if value} == {"bookings_kept", "bookings_suited"}


def test_levels_are_in_the_policys_order():
    policy = a_policy(aims=("residents_kept", "bookings_kept", "miles", "placed"))
    assert list(values(a_problem(), policy=policy)) == [
        "residents_kept",
        "bookings_kept",
        "miles",
        "placed/1",
        "placed/2",
        "placed/3",
        "placed/4",
    ]


PROBLEM = a_problem(referrals=[a_referral()], **TWO)
PLAN = a_plan(PROBLEM, placements=[("ref-1", "P2-R1-B1", 1)])


def stated(code, **changes):
    """The codes of the breaches when the plan says something else of one level."""
    levels = tuple(replace(lv, **changes) if lv.code == code else lv for lv in PLAN.levels)
    return [b.code for b in check(replace(PLAN, levels=levels), PROBLEM, default_policy())]


def test_a_wrong_value_is_a_breach_of_its_level():
    assert stated("placed/4", value=2) == ["aim:placed/4"]
    assert stated("miles", value=599) == ["aim:miles"]


def test_only_a_value_that_meets_its_bound_is_proven():
    assert stated("placed/4", bound=1, proven=True) == []
    assert stated("placed/4", bound=2, proven=True) == ["aim:placed/4"]
    assert stated("placed/4", bound=None, proven=True) == ["aim:placed/4"]
    assert stated("placed/4", bound=2) == []


def test_a_bound_on_the_wrong_side_is_a_breach():
    assert stated("placed/4", bound=0) == ["aim:placed/4"]
    assert stated("miles", bound=601) == ["aim:miles"]
    assert stated("miles", bound=0) == []


def test_a_plan_is_optimal_only_when_every_level_is_proven():
    proven = tuple(replace(lv, bound=lv.value, proven=True) for lv in PLAN.levels)
    plan = replace(PLAN, status=PlanStatus.OPTIMAL, levels=proven)
    assert check(plan, PROBLEM, default_policy()) == []
    last = replace(proven[-1], proven=False)
    plan = replace(plan, levels=(*proven[:-1], last))
    assert [b.code for b in check(plan, PROBLEM, default_policy())] == [f"aim:{last.code}"]


def test_what_comes_after_the_least_change_is_a_level_still():
    order = (*AIM_CODES[:2], "least_change", "bookings_disturbed", "miles")
    reached = values(a_problem(referrals=[a_referral()], **TWO), policy=a_policy(aims=order))
    assert list(reached) == ["residents_kept", "bookings_kept", "miles"]

"""Bed-nights by week, counted by hand."""

from datetime import timedelta

from allocator.estate import OutOfService
from allocator.generate import generate
from allocator.report.occupancy import USES, Use, occupancy
from allocator.report.occupancy_picture import occupancy_picture
from tests.builders import (
    AS_OF,
    a_booking,
    a_premises,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    default_policy,
)
from tests.export.some_plan import some_plan
from tests.plans import a_plan


def weeks_of(plan, problem):
    return [
        dict(zip(USES, w.bed_nights, strict=True))
        for w in occupancy(plan, problem).premises[0].weeks
    ]


def test_each_night_of_each_bed_is_counted_once() -> None:
    # Bed 1: a resident for 3 nights from today, free 1, a proposal for nights 4 to 8.
    # Bed 2: out of service on nights 0 to 9, a booking on nights 10 and 11. Bed 3: gone on night 5.
    problem = a_problem(
        **an_estate({"P1": (1, 1, 1)}, beds={"P1-R3-B1": {"ends": day(5)}}),
        out_of_service=(OutOfService("P1-R2-B1", a_stay(0, 10)),),
        bookings=(a_resident("in"), a_booking("next", stay=a_stay(10, 2))),
        referrals=(a_referral("r", release_date=4, nights=5),),
    )
    plan = a_plan(problem, placements=[("r", "P1-R1-B1", 4)], seats={"next": "P1-R2-B1"})
    first, second = weeks_of(plan, problem)
    assert first == {
        Use.RESIDENT: 3, Use.BOOKING: 0, Use.PROPOSAL: 3, Use.OUT_OF_SERVICE: 7, Use.FREE: 1 + 5,
    }  # fmt: skip
    assert second == {
        Use.RESIDENT: 0, Use.BOOKING: 2, Use.PROPOSAL: 2, Use.OUT_OF_SERVICE: 3, Use.FREE: 5 + 2,
    }  # fmt: skip


def test_a_person_in_a_bed_that_is_out_of_service_is_counted_as_there() -> None:
    problem = a_problem(
        **an_estate(),
        out_of_service=(OutOfService("P1-R1-B1", a_stay(0, 7)),),
        bookings=(a_resident("in"),),
    )
    (week,) = weeks_of(a_plan(problem), problem)
    assert (week[Use.RESIDENT], week[Use.OUT_OF_SERVICE]) == (3, 4)


def test_the_weeks_end_with_the_last_proposal_and_never_go_past_half_a_year() -> None:
    problem = a_problem(**an_estate(), referrals=(a_referral("r", nights=1000),))
    seen = occupancy(a_plan(problem, placements=[("r", "P1-R1-B1", 1)]), problem)
    assert len(seen.starts) == 26
    assert seen.starts[1] == AS_OF + timedelta(days=7)
    assert len(occupancy(a_plan(problem), problem).starts) == 1


def test_the_whole_estate_is_the_sum_of_its_premises() -> None:
    problem = generate("S", seed=4)
    seen = occupancy(some_plan(problem, default_policy()), problem)
    placed = sum(p.weeks[0].bed_nights[USES.index(Use.PROPOSAL)] for p in seen.premises)
    assert seen.whole_estate[0].bed_nights[USES.index(Use.PROPOSAL)] == placed > 0
    assert sum(len(rows) for rows in seen.by_area().values()) == len(problem.premises)


def test_a_premises_without_beds_is_drawn_as_one() -> None:
    problem = a_problem(premises=(a_premises("P1"),), rooms=(), beds=())
    seen = occupancy(a_plan(problem), problem)
    picture = occupancy_picture(seen.premises, seen.starts)
    assert [label.text for label in picture.remarks] == ["no beds"]
    assert all(path == "" for _, path in picture.paths)


def test_a_column_is_as_high_as_its_share_of_the_bed_nights() -> None:
    problem = a_problem(**an_estate(), bookings=(a_resident("in", stay=a_stay(-1, 8)),))
    seen = occupancy(a_plan(problem), problem)
    paths = dict(occupancy_picture(seen.premises, seen.starts).paths)
    assert paths[Use.RESIDENT] == "M220 24.0h20v18.0h-20z"  # all seven nights: the full 18 pixels

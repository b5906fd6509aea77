"""Protected groups: figures that are right, and nobody who can be found by subtraction."""

import pytest

from api.service.disparity import Group, disparity, hidden
from tests.builders import a_problem, a_referral, an_estate
from tests.plans import a_plan


def outcome(of_x, of_y, *, x=12, y=12):
    """The groups of one characteristic, when so many of each have a bed from the second day on."""
    referrals = [
        a_referral(f"{group}-{n}", release_date=1, latest_arrival=3, protected=(("faith", group),))
        for group, people in (("x", x), ("y", y))
        for n in range(people)
    ]
    problem = a_problem(**an_estate({"P1": (1,) * (of_x + of_y or 1)}), referrals=referrals)
    placed = [f"x-{n}" for n in range(of_x)] + [f"y-{n}" for n in range(of_y)]
    plan = a_plan(
        problem, placements=[(name, f"P1-R{n}-B1", 2) for n, name in enumerate(placed, start=1)]
    )
    everyone, groups = disparity(plan, problem)
    return everyone, {group.name: group for group in groups["faith"]}


def test_rate_wait_and_miles_are_told_of_groups_that_are_large_enough():
    everyone, groups = outcome(12, 10)
    assert everyone == Group("everyone", 24, 22, 1.0, 0.0)
    assert groups["x"] == Group("x", 12, 12, 1.0, 0.0)
    assert groups["y"] == Group("y", 12, 10, 1.0, 0.0)
    assert (groups["x"].rate, groups["y"].rate) == (1.0, 0.833)


def test_the_wait_of_a_few_is_not_told_nor_what_it_could_be_worked_out_from():
    _, groups = outcome(12, 1)
    assert groups["y"] == Group("y", 12, 1, None, None)
    assert groups["x"] == Group("x", 12, 12, None, None)


def test_a_small_group_takes_the_next_smallest_with_it():
    everyone, groups = outcome(12, 1, y=9)
    assert everyone.people == 21
    assert groups == {"x": Group("x", None), "y": Group("y", None)}
    assert groups["x"].rate is None


@pytest.mark.parametrize(
    ("sizes", "left_out"),
    [
        ({"a": 40, "b": 30}, ""),
        ({"a": 40, "b": 10}, ""),
        ({"a": 40, "b": 9}, "ab"),
        ({"a": 40, "b": 9, "c": 12}, "bc"),
        ({"a": 40, "b": 2, "c": 3, "d": 15}, "bcd"),
        ({"a": 40, "b": 9, "c": 8}, "bc"),
        ({"a": 40, "b": 0}, ""),
        ({"a": 9}, "a"),
    ],
    ids=str,
)
def test_no_small_group_can_be_had_by_taking_the_others_from_the_total(sizes, left_out):
    assert hidden(sizes) == set(left_out)

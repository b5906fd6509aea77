"""Protected groups: figures that are right, and nobody who can be found by subtraction."""

import pytest

from api.service.disparity import TOGETHER, Group, disparity, hidden
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


def test_small_groups_are_told_of_together_and_not_named():
    everyone, groups = outcome(12, 1, y=9)
    assert everyone.bids == 21
    named = "x and groups of fewer than 10 people"
    assert groups == {named: Group(named, 21, 13, 1.0, 0.0)}
    _, groups = outcome(1, 1, x=5, y=4)
    assert groups == {TOGETHER: Group(TOGETHER, None)}
    assert groups[TOGETHER].rate is None


def faiths(*values, name="faith"):
    """The groups of one characteristic, of people who gave these values."""
    referrals = [
        a_referral(f"R{n}", release_date=1, latest_arrival=3, protected=((name, value),))
        for n, value in enumerate(values)
    ]
    problem = a_problem(**an_estate({"P1": (1,)}), referrals=referrals)
    return {g.name: g.bids for g in disparity(a_plan(problem), problem)[1][name]}


def test_two_bids_of_one_person_are_one_in_whether_a_group_is_large_enough():
    referrals = [
        a_referral(
            f"R{n}",
            crn=f"X{n // 2}",
            release_date=1,
            latest_arrival=3,
            protected=(("faith", "Rare"),),
        )
        for n in range(18)
    ]
    problem = a_problem(**an_estate({"P1": (1,)}), referrals=referrals)
    assert disparity(a_plan(problem), problem)[1]["faith"] == [Group("Rare", None)]


def test_a_value_that_few_gave_is_not_named_and_the_total_gives_nobody_away():
    found = faiths(*["Plain"] * 30, *["Quiet"] * 20, *["Rare"] * 2, "Own words")
    assert found == {"Plain": 30, "Quiet and groups of fewer than 10 people": 23}
    found = faiths(*["Plain"] * 30, *["Quiet"] * 20, *["Rare"] * 6, *["Odd"] * 6)
    assert found == {"Plain": 30, "Quiet": 20, TOGETHER: 12}


def test_spellings_of_one_value_are_one_group():
    assert faiths(*["Plain"] * 9, *["plain "] * 2, *["PLAIN"]) == {"Plain": 12}


def test_ages_are_told_of_by_ten_years():
    found = faiths(*["31"] * 6, *["39"] * 6, *["40"] * 12, *["100"] * 11, name="age")
    assert found == {"30 to under 40": 12, "40 to under 50": 12, "100 to under 110": 11}


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

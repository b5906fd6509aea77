"""The charts and the map."""

from dataclasses import replace

import pytest

from allocator.export.placed import Placed, placed_people
from allocator.geography.point import Point
from allocator.report.charts import miles_bars, miles_chart
from allocator.report.map_picture import map_picture
from tests.builders import a_point, a_problem, a_referral, an_estate, default_policy
from tests.plans import a_plan


def placed_at(*homes: Point | None) -> tuple[Placed, ...]:
    """People whose homes these are, each in a bed at `a_point()`."""
    problem = a_problem(
        **an_estate({"P1": (1,) * len(homes)}),
        referrals=[a_referral(f"r{n}", location=home) for n, home in enumerate(homes)],
    )
    plan = a_plan(problem, placements=[(f"r{n}", f"P1-R{n + 1}-B1", 1) for n in range(len(homes))])
    return placed_people(plan, problem, default_policy())


def miles(*distances: float) -> tuple[Placed, ...]:
    one = placed_at(a_point())[0]
    return tuple(replace(one, miles=distance) for distance in distances)


def test_a_bar_holds_its_first_mile_and_not_its_last() -> None:
    assert miles_bars(miles(0, 9.99, 10, 25)) == (("0 to 10", 2), ("10 to 20", 1), ("20 to 30", 1))


def test_the_last_bar_holds_everyone_further() -> None:
    bars = miles_bars(miles(5, 305, 450))
    assert bars[-1] == ("300 or more", 2)
    assert len(bars) == 31


def test_unknown_miles_are_in_no_bar() -> None:
    assert miles_bars(placed_at(None)) == ()


def test_the_chart_is_a_labelled_picture_with_no_address_to_fetch() -> None:
    svg = str(miles_chart((("0 to 10", 3),)))
    assert svg.startswith('<svg role="img" aria-label="Bar chart')
    assert svg.count("role=") == svg.count("aria-") == 1
    assert "<image" not in svg
    assert "href" not in svg


def test_journeys_within_and_beyond_the_aim_are_on_two_maps() -> None:
    near, far = map_picture(placed_at(a_point(10), a_point(60), a_point(20))).panels
    assert near.title == "Within the radius aimed for: 2 people"
    assert far.title == "Beyond it: 1 person"
    assert (len(near.lines), len(far.lines)) == (2, 1)
    assert [spot.people for spot in near.spots] == [2]


@pytest.mark.parametrize("home", [None, Point(57.1, -2.1), Point(-1.5, 52.0)])
def test_a_journey_from_nowhere_known_or_off_the_map_is_counted_and_not_drawn(
    home: Point | None,
) -> None:
    picture = map_picture(placed_at(home, a_point(1)))
    assert picture.not_shown == 1
    assert sum(len(panel.lines) for panel in picture.panels) == 1


def test_north_is_up_and_east_is_right() -> None:
    (panel, _) = map_picture(placed_at(Point(52.5, -1.0))).panels
    start, end = panel.lines[0][1:].split("L")
    (x1, y1), (x2, y2) = (map(float, place.split()) for place in (start, end))
    assert x1 > x2  # the home is east of the premises, which is at 52.0, -1.5
    assert y1 < y2


def test_the_country_is_drawn_in_dots_without_scotland() -> None:
    picture = map_picture(())
    assert 1_000 < picture.dots.count("M") < 3_000
    heights = [float(dot.split()[1].removesuffix("h0")) for dot in picture.dots.split("M")[1:]]
    assert min(heights) > 0
    assert max(heights) < picture.height

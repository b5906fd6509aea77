"""Points: what they refuse, and whether they can be in Great Britain."""

import math

import pytest

from allocator.geography.point import Point


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(math.nan, 0), (0, math.inf), (90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1)],
)
def test_a_place_that_is_nowhere_is_refused(latitude, longitude):
    with pytest.raises(ValueError, match="itude must be from"):
        Point(latitude, longitude)


def test_the_poles_and_the_date_line_are_places():
    assert Point(90, 180).latitude == 90
    assert Point(-90, -180).longitude == -180


def test_swapped_axes_are_not_in_great_britain():
    assert Point(51.47, -0.09).in_great_britain
    assert not Point(-0.09, 51.47).in_great_britain


def test_paris_is_not_in_great_britain():
    assert not Point(48.86, 2.35).in_great_britain

"""Distances: exact sums by hand, known pairs of towns, and the whole-number variant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.geography import distance
from allocator.geography.distance import (
    miles_between,
    miles_matrix,
    tenths_matrix,
    tenths_of_miles,
)
from allocator.geography.national_grid import grid_to_wgs84
from allocator.geography.point import Point

# One degree of a great circle: 2π · 6371.0088 km / 360 = 111.19508 km = 69.09342 miles.
DEGREE = 69.09342

points = st.builds(Point, st.floats(49, 61), st.floats(-9, 2.5))


def test_a_degree_of_latitude_is_a_degree_of_a_great_circle():
    assert miles_between(Point(52, -1), Point(53, -1)) == pytest.approx(DEGREE, abs=1e-5)


def test_a_degree_of_longitude_on_the_equator_is_a_degree_of_a_great_circle():
    assert miles_between(Point(0, 10), Point(0, 11)) == pytest.approx(DEGREE, abs=1e-5)


def test_a_degree_of_longitude_at_sixty_degrees_north_is_half_as_long():
    # cos 60° = 1/2; the great circle is shorter than the parallel by a few feet
    assert miles_between(Point(60, 0), Point(60, 1)) == pytest.approx(DEGREE / 2, abs=0.01)


def test_antipodes_are_half_a_great_circle_apart():
    assert miles_between(Point(90, 0), Point(-90, 0)) == pytest.approx(180 * DEGREE, abs=1e-2)
    assert miles_between(Point(50, 0), Point(-50, 180)) == pytest.approx(180 * DEGREE, abs=1e-2)


# Two National Grid references in metres, and the miles between them by Pythagoras: for M1 and LS1
# √(45 288² + 35 574²) = 57 589 m = 35.78 miles. None of this package's geometry is in the sum. The
# grid's scale is within 0.04 % of the ground's, and the sphere within 0.4 % of the ellipsoid.
PAIRS = [
    pytest.param((532300, 176697), (358846, 172900), 107.81, id="SE5 to BS1"),
    pytest.param((334882, 389990), (509800, 428741), 111.32, id="L1 to HU1"),
    pytest.param((384339, 397879), (429627, 433453), 35.78, id="M1 to LS1"),
    pytest.param((532300, 176697), (424896, 564200), 249.86, id="SE5 to NE1"),
]


@pytest.mark.parametrize(("start", "end", "miles"), PAIRS)
def test_distances_are_those_of_the_national_grid(start, end, miles):
    a, b = grid_to_wgs84(*start), grid_to_wgs84(*end)
    assert miles_between(a, b) == pytest.approx(miles, rel=0.0045)


@pytest.mark.parametrize(("start", "end", "miles"), PAIRS)
def test_swapped_axes_would_be_noticed(start, end, miles):
    a, b = (grid_to_wgs84(*place) for place in (start, end))
    swapped = miles_between(Point(a.longitude, a.latitude), Point(b.longitude, b.latitude))
    assert swapped != pytest.approx(miles, rel=0.02)


@given(points, points)
def test_the_way_back_is_as_long(a, b):
    assert miles_between(a, b) == miles_between(b, a)


@given(points, points, points)
def test_a_detour_is_never_shorter(a, b, c):
    assert miles_between(a, c) <= miles_between(a, b) + miles_between(b, c) + 1e-6


@given(points)
def test_a_place_is_no_distance_from_itself(a):
    assert miles_between(a, a) == 0
    assert tenths_of_miles(a, a) == 0


def test_tenths_are_whole_numbers_with_halves_up():
    # 0.1 and 0.05 miles of latitude: 1/690.9342 and half of it, a hair either side of the half
    start = Point(0, 0)
    assert tenths_of_miles(start, Point(0.1 / DEGREE, 0)) == 1
    assert tenths_of_miles(start, Point(0.0500001 / DEGREE, 0)) == 1
    assert tenths_of_miles(start, Point(0.0499990 / DEGREE, 0)) == 0
    assert isinstance(tenths_of_miles(start, Point(1, 1)), int)


@given(st.lists(points, max_size=5), st.lists(points, max_size=5))
def test_the_matrices_say_what_the_single_distances_say(origins, ends):
    singles = [[miles_between(a, b) for b in ends] for a in origins]
    np.testing.assert_allclose(
        miles_matrix(origins, ends), np.reshape(singles, (len(origins), len(ends))), atol=1e-4
    )
    tenths = tenths_matrix(origins, ends)
    assert tenths.dtype == np.int64
    assert tenths.tolist() == [[tenths_of_miles(a, b) for b in ends] for a in origins]


def test_the_one_definition_decides_when_a_distance_is_almost_a_half(monkeypatch):
    monkeypatch.setattr(distance, "miles_matrix", lambda *_: np.array([[0.25, 0.25 - 1e-9, 0.26]]))
    monkeypatch.setattr(distance, "tenths_of_miles", lambda *_: 99)
    a, b = Point(51, 0), Point(52, 0)
    assert tenths_matrix([a], [b, b, b]).tolist() == [[99, 99, 3]]

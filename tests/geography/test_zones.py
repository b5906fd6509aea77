"""Zones: inside, outside, and exactly on the edge."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.geography.distance import miles_between
from allocator.geography.point import Point
from allocator.geography.zones import polygons_from_geojson, within_circle, within_polygon


def at(longitude, latitude):
    return Point(latitude, longitude)


def square(west, south, east, north):
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


SQUARE = ((square(0, 50, 2, 52),),)
WITH_HOLE = ((square(0, 50, 4, 54), square(1, 51, 3, 53)),)
ISLAND_IN_THE_HOLE = (*WITH_HOLE, (square(1.5, 51.5, 2.5, 52.5),))
#   a W: its line at 51 runs through one corner that turns back, and ends on another
W_SHAPE = ((((0, 52), (1, 50), (2, 51), (3, 50), (4, 52), (2, 51.5), (0, 52)),),)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        pytest.param(at(1, 51), True, id="the middle"),
        pytest.param(at(2.1, 51), False, id="to the east"),
        pytest.param(at(-0.1, 51), False, id="to the west"),
        pytest.param(at(1, 52.1), False, id="to the north"),
        pytest.param(at(1, 49.9), False, id="to the south"),
        pytest.param(at(0, 51), True, id="on the western edge"),
        pytest.param(at(2, 51), True, id="on the eastern edge"),
        pytest.param(at(1, 50), True, id="on the southern edge"),
        pytest.param(at(1, 52), True, id="on the northern edge"),
        pytest.param(at(0, 50), True, id="on a corner"),
        pytest.param(at(2, 52), True, id="on the opposite corner"),
        pytest.param(at(-1, 52), False, id="in line with the northern edge"),
        pytest.param(at(-1, 50), False, id="in line with the southern edge"),
        pytest.param(at(math.nextafter(2, 3), 51), False, id="a hair beyond the eastern edge"),
        pytest.param(at(math.nextafter(2, 1), 51), True, id="a hair within the eastern edge"),
    ],
)
def test_a_square_holds_its_inside_and_its_edge(place, inside):
    assert within_polygon(place, SQUARE) is inside


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        pytest.param(at(0.5, 52), True, id="between the edge and the hole"),
        pytest.param(at(1.2, 52), False, id="in the hole"),
        pytest.param(at(1, 52), True, id="on the hole's edge"),
        pytest.param(at(3, 53), True, id="on the hole's corner"),
        pytest.param(at(3.5, 51), True, id="beside the hole, in line with its edge"),
        pytest.param(at(-1, 52), False, id="outside, in line with the hole"),
    ],
)
def test_a_hole_is_outside_but_its_edge_is_not(place, inside):
    assert within_polygon(place, WITH_HOLE) is inside


def test_an_island_in_the_hole_of_another_polygon_is_inside():
    assert within_polygon(at(2, 52), ISLAND_IN_THE_HOLE)
    assert not within_polygon(at(1.2, 52), ISLAND_IN_THE_HOLE)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        pytest.param(at(-1, 51), False, id="west of all, in line with the inner corner"),
        pytest.param(at(0.6, 51), True, id="in the left arm, in line with the inner corner"),
        pytest.param(at(2, 51), True, id="on the inner corner"),
        pytest.param(at(2, 50.9), False, id="under the inner corner"),
        pytest.param(at(2, 51.2), True, id="above the inner corner"),
        pytest.param(at(2, 51.6), False, id="above the upper corner"),
        pytest.param(at(-1, 50), False, id="in line with both feet"),
        pytest.param(at(2, 50), False, id="between the feet"),
        pytest.param(at(1, 50), True, id="on a foot"),
        pytest.param(at(-1, 52), False, id="in line with the tips"),
        pytest.param(at(2, 52), False, id="between the tips"),
    ],
)
def test_a_line_through_a_corner_is_counted_rightly(place, inside):
    assert within_polygon(place, W_SHAPE) is inside


def test_the_way_round_a_ring_is_written_does_not_matter():
    backwards = ((tuple(reversed(square(0, 50, 2, 52))),),)
    assert within_polygon(at(1, 51), backwards)
    assert within_polygon(at(2, 51), backwards)
    assert not within_polygon(at(3, 51), backwards)


@pytest.mark.parametrize(
    ("start", "middle", "end"),
    [
        (-3.0, -0.2999999999999998, 1.5999999999999996),
        (-1.5999999999999996, 1.2999999999999998, 2.6999999999999993),
        (-2.299999999999999, -1.0, 1.2999999999999998),
    ],
)
def test_a_place_on_a_sloping_edge_is_decided_without_rounding(start, middle, end):
    # Three places on the line y = 3x, which no rounding moves off it; yet the difference of the
    # products that tells left from right comes to 7e-15, 7e-15 and -2e-15 in floating point.
    a, place, b = ((x, 3 * x) for x in (start, middle, end))
    assert all(Fraction(y) == 3 * Fraction(x) for x, y in (a, place, b))
    for corner in ((-9, 9), (9, -9)):
        triangle = (((a, b, corner, a),),)
        assert within_polygon(at(*place), triangle)
    hair_west, hair_east = (math.nextafter(place[0], way) for way in (-9, 9))
    western = (((a, b, (-9, 9), a),),)
    assert within_polygon(at(hair_west, place[1]), western)
    assert not within_polygon(at(hair_east, place[1]), western)


coordinate = st.floats(-9, 9, allow_subnormal=False)


@given(
    st.tuples(coordinate, coordinate),
    st.tuples(coordinate, coordinate),
    st.tuples(coordinate, coordinate),
    st.tuples(coordinate, coordinate),
)
def test_a_triangle_agrees_with_exact_fractions(a, b, c, place):
    def turn(p, q, r):
        p, q, r = (tuple(map(Fraction, corner)) for corner in (p, q, r))
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    turns = [turn(a, b, place), turn(b, c, place), turn(c, a, place)]
    if turn(a, b, c) == 0:
        return  # no triangle
    expected = all(value >= 0 for value in turns) or all(value <= 0 for value in turns)
    assert within_polygon(at(*place), (((a, b, c, a),),)) is expected


def test_a_circle_holds_its_edge():
    centre, edge = Point(51, 0), Point(52, 0)
    miles = miles_between(centre, edge)
    assert within_circle(edge, centre, miles)
    assert not within_circle(edge, centre, math.nextafter(miles, 0))
    assert within_circle(centre, centre, 0)


RING = [[0, 50], [2, 50], [2, 52], [0, 52], [0, 50]]


def test_geojson_is_read_with_longitude_first():
    polygons = polygons_from_geojson({"type": "Polygon", "coordinates": [RING]})
    assert polygons == SQUARE
    assert within_polygon(Point(latitude=51, longitude=1), polygons)
    assert not within_polygon(Point(latitude=1, longitude=51), polygons)


def test_a_multipolygon_and_heights_are_read():
    high = [[*position, 120.5] for position in RING]
    geometry = {"type": "MultiPolygon", "coordinates": [[RING], [high]]}
    assert polygons_from_geojson(geometry) == SQUARE + SQUARE


@pytest.mark.parametrize(
    ("geometry", "complaint"),
    [
        ({"type": "Point", "coordinates": [0, 50]}, "must be a Polygon"),
        ({}, "must be a Polygon"),
        ({"type": "Polygon"}, "a polygon must be a list"),
        ({"type": "Polygon", "coordinates": []}, "an outer ring"),
        ({"type": "MultiPolygon", "coordinates": []}, "at least one polygon"),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "end where it starts"),
        ({"type": "Polygon", "coordinates": [[RING[0], RING[1], RING[0]]]}, "at least 4"),
        ({"type": "Polygon", "coordinates": [[[0], *RING[1:]]]}, "longitude, latitude"),
        ({"type": "Polygon", "coordinates": [[["0", "50"], *RING[1:]]]}, "longitude, latitude"),
        ({"type": "Polygon", "coordinates": [[[True, 50], *RING[1:]]]}, "longitude, latitude"),
        ({"type": "Polygon", "coordinates": [[[math.nan, 50], *RING[1:]]]}, "longitude, latitude"),
        ({"type": "Polygon", "coordinates": [[[0, 95], *RING[1:]]]}, "latitude must be"),
        ({"type": "Polygon", "coordinates": "RING"}, "must be a list"),
    ],
)
def test_what_is_not_a_zone_is_refused(geometry, complaint):
    with pytest.raises(ValueError, match=complaint):
        polygons_from_geojson(geometry)

"""The referee's polygon: sloping sides, corners, hollows and holes, in whole degrees."""

import pytest

from allocator.check.polygon import in_polygon
from allocator.geography.point import Point
from allocator.safeguards import Polygon

# Corners are (longitude, latitude). A ring in a file is closed; one that is not is closed here.
TRIANGLE = ((0, 0), (8, 4), (2, 6), (0, 0))
HOLE = ((2, 2), (4, 3), (3, 4), (2, 2))
# A comb: two teeth that point north, at longitudes 1 and 5.
COMB = ((0, 0), (6, 0), (5, 5), (3, 1), (1, 5), (0, 0))
NEAR_NOTHING = ((20, 20), (21, 20), (21, 21), (20, 20))


def inside(longitude, latitude, *rings):
    return in_polygon(Point(latitude, longitude), Polygon(polygons=(tuple(rings),)))


@pytest.mark.parametrize("ring", [TRIANGLE, TRIANGLE[:-1], TRIANGLE[::-1]], ids=str)
@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (3, 3, True),
        (6, 4, True),
        (7, 4, True),  # level with a corner to the east
        (1, 2, True),  # level with nothing
        (0, 0, True),  # corners
        (8, 4, True),
        (2, 6, True),
        (4, 2, True),  # halfway along each side
        (5, 5, True),
        (1, 3, True),
        (4, 1.999, False),  # a hair outside each side
        (5, 5.001, False),
        (0.999, 3, False),
        (4, 2.001, True),  # a hair inside each side
        (5, 4.999, True),
        (1.001, 3, True),
        (0, 4, False),  # in the box, west: level with a corner
        (0.5, 4, False),
        (0, 6, False),  # corners of the box
        (8, 0, False),
        (8, 6, False),
        (2, 0, False),  # on the southern edge of the box
        (9, 4, False),  # outside the box, on each side of it
        (-1, 0, False),
        (2, 7, False),
        (0, -1, False),
        (16, 8, False),  # on the line of a side, beyond its end
        (-8, -4, False),
    ],
)
def test_a_triangle_holds_its_inside_and_its_sloping_edges(ring, longitude, latitude, expected):
    assert inside(longitude, latitude, ring) is expected


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (1, 3, True),  # the western tooth: the ray crosses three more sides
        (5, 3, True),
        (3, 3, False),  # between the teeth: the ray crosses two
        (3, 1, True),  # the bottom of the gap, and just above it
        (3, 1.001, False),
        (1, 1, True),  # level with the bottom of the gap
        (0, 5, False),  # level with the tips of both teeth
        (3, 5, False),
        (1, 5, True),
        (2, 0, True),  # along the level side, and on its line beyond it
        (-1, 0, False),
        (0.1, 3, False),  # west of both teeth: the ray crosses four
    ],
)
def test_a_hollow_shape_does_not_hold_its_hollow(longitude, latitude, expected):
    assert inside(longitude, latitude, COMB) is expected


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (3, 3, False),
        (3, 2.5, True),  # on the edge of the hole
        (2, 2, True),
        (3, 2.499, True),  # between the hole and the side
        (4, 3.5, True),
        (0, 5, False),
    ],
)
def test_a_hole_is_outside_and_its_edge_is_not(longitude, latitude, expected):
    assert inside(longitude, latitude, TRIANGLE, HOLE) is expected


def test_no_rings_and_empty_rings_hold_nothing():
    assert not inside(3, 3)
    assert not inside(3, 3, ())
    assert not inside(3, 3, NEAR_NOTHING)

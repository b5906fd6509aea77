"""Whether a place is in a polygon: exact, and with its edges. Model: docs/model.md#exclusion_zone.

Longitude and latitude are taken as the flat coordinates that GeoJSON says they are.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from allocator.geography.point import Point
from allocator.safeguards import Polygon

Ring = tuple[tuple[float, float], ...]


def in_polygon(place: Point, polygon: Polygon) -> bool:
    """Whether any part has the place inside its outer ring, and not inside a hole of it.

    A place on the edge of the outside or of a hole is in.
    """
    return any(_in_part(place, rings) for rings in polygon.polygons)


def _in_part(place: Point, rings: tuple[Ring, ...]) -> bool:
    if not rings or not _in_box(place, rings[0]):
        return False
    if any(_on_edge(place, ring) for ring in rings):
        return True
    return _inside(place, rings[0]) and not any(_inside(place, hole) for hole in rings[1:])


def _in_box(place: Point, ring: Ring) -> bool:
    # Most places are far from most zones: four comparisons spare the exact sums.
    return bool(ring) and (
        min(x for x, _ in ring) <= place.longitude <= max(x for x, _ in ring)
        and min(y for _, y in ring) <= place.latitude <= max(y for _, y in ring)
    )


def _sides(ring: Ring) -> list[tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]]:
    corners = [(Fraction(x), Fraction(y)) for x, y in ring + ring[:1]]
    return list(pairwise(corners))


def _on_edge(place: Point, ring: Ring) -> bool:
    x, y = Fraction(place.longitude), Fraction(place.latitude)
    return any(
        (x1 - x0) * (y - y0) == (y1 - y0) * (x - x0)
        and min(x0, x1) <= x <= max(x0, x1)
        and min(y0, y1) <= y <= max(y0, y1)
        for (x0, y0), (x1, y1) in _sides(ring)
    )


def _inside(place: Point, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = Fraction(place.longitude), Fraction(place.latitude)
    crossings = sum(
        (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in _sides(ring)
    )
    return crossings % 2 == 1

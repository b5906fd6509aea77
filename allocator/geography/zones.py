"""Whether a place is in a zone: a polygon or a circle, the edge always included.

A place on the edge of an exclusion zone is in it, and so is one on the edge of a hole: when in
doubt the cautious answer. Polygons are decided exactly, without rounding: coordinates are taken
for the numbers they are and edges for straight lines in longitude and latitude, as GeoJSON has
them (RFC 7946, 3.1.1). Zones that cross the 180th meridian or cover a pole are not served.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from allocator.geography.distance import miles_between
from allocator.geography.point import Point

Position = tuple[float, float]
"""Longitude, latitude: GeoJSON's order, and the other way round from how people say it."""
Ring = tuple[Position, ...]
"""Positions in order around, the last equal to the first."""
Polygons = tuple[tuple[Ring, ...], ...]
"""Polygons, each its outer ring and then its holes: the coordinates of a GeoJSON MultiPolygon."""


def within_circle(point: Point, centre: Point, radius_miles: float) -> bool:
    """Whether the place is at most so many miles from the centre."""
    return miles_between(point, centre) <= radius_miles


def within_polygon(point: Point, polygons: Polygons) -> bool:
    """Whether the place is in or on the edge of any of the polygons."""
    position = (point.longitude, point.latitude)
    return any(_within_rings(position, rings) for rings in polygons)


def polygons_from_geojson(geometry: Mapping[str, Any]) -> Polygons:
    """The polygons of a GeoJSON geometry of type Polygon or MultiPolygon.

    Raises ValueError, saying which, for another type, an open or short ring or a bad position.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a zone must be a Polygon or a MultiPolygon, not {kind!r}")
    polygons = [coordinates] if kind == "Polygon" else _list(coordinates, "coordinates")
    if not polygons:
        raise ValueError("a zone must have at least one polygon")
    return tuple(_read_polygon(polygon) for polygon in polygons)


def _within_rings(position: Position, rings: tuple[Ring, ...]) -> bool:
    """In the outer ring and not inside a hole; the edges of both count as in."""
    outer, *holes = rings
    return _place(position, outer) >= 0 and all(_place(position, hole) <= 0 for hole in holes)


def _place(position: Position, ring: Ring) -> int:
    """1 inside the ring, 0 on its edge, -1 outside.

    A line from the position due east crosses the ring an odd number of times from inside. An edge
    is crossed when exactly one of its ends is strictly further north: then a corner that the line
    passes through is counted once when the ring goes through the line there, else twice or never.
    """
    inside = False
    for start, end in pairwise(ring):
        turn = _turn(start, end, position)
        if turn == 0 and _in_box(position, start, end):
            return 0
        northward = start[1] <= position[1] < end[1]
        southward = end[1] <= position[1] < start[1]
        if (northward and turn > 0) or (southward and turn < 0):
            inside = not inside
    return 1 if inside else -1


def _in_box(position: Position, start: Position, end: Position) -> bool:
    return all(
        min(start[axis], end[axis]) <= position[axis] <= max(start[axis], end[axis])
        for axis in (0, 1)
    )


def _turn(start: Position, end: Position, position: Position) -> int:
    """1 when the position is left of the line from start to end, 0 on it, -1 right of it: exact.

    Floating point settles all but near ties: 4e-16 is above the bound (3 + 16ε)ε that J. R.
    Shewchuk proves ("Adaptive Precision Floating-Point Arithmetic", 1997, section 4.3), with
    ε = 2⁻⁵³. Near ties, and products so small that they may have underflowed, go to fractions.
    """
    left = (end[0] - start[0]) * (position[1] - start[1])
    right = (end[1] - start[1]) * (position[0] - start[0])
    if abs(left - right) > 4e-16 * (abs(left) + abs(right)) + 1e-290:
        return 1 if left > right else -1
    x0, y0, x1, y1, x, y = (Fraction(value) for value in (*start, *end, *position))
    exact = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
    return (exact > 0) - (exact < 0)


def _read_polygon(rings: object) -> tuple[Ring, ...]:
    read = tuple(_read_ring(ring) for ring in _list(rings, "a polygon"))
    if not read:
        raise ValueError("a polygon must have an outer ring")
    return read


def _read_ring(positions: object) -> Ring:
    ring = tuple(_read_position(position) for position in _list(positions, "a ring"))
    if len(ring) < 4:
        raise ValueError(f"a ring must have at least 4 positions, not {len(ring)}")
    if ring[0] != ring[-1]:
        raise ValueError(f"a ring must end where it starts: {ring[0]} and {ring[-1]} differ")
    return ring


def _read_position(position: object) -> Position:
    numbers = _list(position, "a position")
    if len(numbers) < 2 or not all(_is_number(number) for number in numbers[:2]):
        raise ValueError(f"a position must be [longitude, latitude], not {position!r}")
    longitude, latitude = float(numbers[0]), float(numbers[1])
    Point(latitude, longitude)  # refuses what is not on the globe
    return longitude, latitude


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _list(value: object, name: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} must be a list, not {type(value).__name__}")
    return value

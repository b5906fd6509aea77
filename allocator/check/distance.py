"""Miles between two places: the referee's own sum. Model: docs/model.md#distance."""

from __future__ import annotations

from functools import lru_cache
from math import asin, cos, floor, radians, sin, sqrt

from allocator.geography.point import Point

EARTH_RADIUS_KM = 6371.0088
KM_PER_MILE = 1.609344


@lru_cache(maxsize=1 << 18)
def miles(one: Point, other: Point) -> float:
    """Miles along the great circle, by the haversine."""
    north, north_too = radians(one.latitude), radians(other.latitude)
    half_up = sin((north_too - north) / 2)
    half_across = sin(radians(other.longitude - one.longitude) / 2)
    haversine = half_up**2 + cos(north) * cos(north_too) * half_across**2
    # Rounding can carry the haversine of two antipodes a hair past 1.
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, haversine))) / KM_PER_MILE


def within(one: Point | None, other: Point | None, radius_miles: float) -> bool | None:
    """Whether two places are that near, exactly that far included; None: a place is missing."""
    if one is None or other is None:
        return None
    return miles(one, other) <= radius_miles


def tenths(one: Point | None, other: Point | None, unknown_miles: int) -> int:
    """Tenths of a mile, half a tenth rounded up; a missing place counts as `unknown_miles`."""
    if one is None or other is None:
        return 10 * unknown_miles
    return floor(10 * miles(one, other) + 0.5)

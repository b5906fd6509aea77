"""Miles between places, in a straight line over the ground.

Great-circle distance on a sphere, by the haversine formula (R. W. Sinnott, "Virtues of the
Haversine", Sky and Telescope 68(2), 1984, 159). With φ latitude, λ longitude and R the mean radius:

    h = sin²((φ₂ - φ₁) / 2) + cos φ₁ · cos φ₂ · sin²((λ₂ - λ₁) / 2)
    d = 2 R · arcsin √h

R is the mean radius R₁ = (2a + b) / 3 of the GRS 80 ellipsoid (H. Moritz, "Geodetic Reference
System 1980"), 6371.0088 km. The earth is not a sphere: in Great Britain the answer is within 0.4 %
of the distance on the ellipsoid. Roads are not counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocator.geography.point import Point

EARTH_RADIUS_KM = 6371.0088
KM_PER_MILE = 1.609344
EARTH_RADIUS_MILES = EARTH_RADIUS_KM / KM_PER_MILE

_CLOSE_TO_HALF = 1e-6


def miles_between(a: Point, b: Point) -> float:
    """Miles from one place to the other; the same both ways, and 0 only for one place."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    up = math.sin(math.radians(b.latitude - a.latitude) / 2)
    across = math.sin(math.radians(b.longitude - a.longitude) / 2)
    h = up * up + math.cos(phi_a) * math.cos(phi_b) * (across * across)
    return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(1.0, h)))


def tenths_of_miles(a: Point, b: Point) -> int:
    """The distance in tenths of a mile, halves up: whole numbers, so every sum of them is exact."""
    return _to_tenths(miles_between(a, b))


def miles_matrix(origins: Sequence[Point], ends: Sequence[Point]) -> NDArray[np.float64]:
    """Miles from each origin (row) to each end (column).

    Equal to `miles_between` but for the last digits: numpy's sines are not always the standard
    library's. For sums that must agree, take `tenths_matrix`.
    """
    latitude_a, longitude_a = _coordinates(origins)
    latitude_b, longitude_b = _coordinates(ends)
    up = np.sin(np.radians(latitude_b[None, :] - latitude_a[:, None]) / 2)
    across = np.sin(np.radians(longitude_b[None, :] - longitude_a[:, None]) / 2)
    cosines = np.outer(np.cos(np.radians(latitude_a)), np.cos(np.radians(latitude_b)))
    h = np.minimum(1.0, up * up + cosines * (across * across))
    miles: NDArray[np.float64] = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(h))
    return miles


def tenths_matrix(origins: Sequence[Point], ends: Sequence[Point]) -> NDArray[np.int64]:
    """`tenths_of_miles` from each origin (row) to each end (column), equal to it everywhere."""
    scaled = miles_matrix(origins, ends) * 10 + 0.5
    tenths = np.floor(scaled).astype(np.int64)
    for row, column in np.argwhere(np.abs(scaled - np.rint(scaled)) < _CLOSE_TO_HALF):
        # So close to a half that the last digits decide: let the one definition say.
        tenths[row, column] = tenths_of_miles(origins[row], ends[column])
    return tenths


def _to_tenths(miles: float) -> int:
    return math.floor(10 * miles + 0.5)


def _coordinates(points: Sequence[Point]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    latitudes = np.array([point.latitude for point in points], dtype=np.float64)
    longitudes = np.array([point.longitude for point in points], dtype=np.float64)
    return latitudes, longitudes

"""Where synthetic premises and people are: near outcodes of the twelve probation regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allocator.geography import regions
from allocator.geography.outcodes import outcode_points
from allocator.geography.point import Point
from allocator.geography.regions import region_of_outcode

JITTER_DEGREES = 0.02
_SHARES: dict[str, tuple[int, int]] = {
    "London": (14, 18),
    "North East": (7, 6),
    "Yorkshire & The Humber": (10, 10),
    "North West": (10, 10),
    "Greater Manchester": (8, 8),
    "East Midlands": (9, 8),
    "West Midlands": (11, 11),
    "East of England": (10, 9),
    "Kent Surrey & Sussex": (7, 8),
    "South West": (7, 7),
    "South Central": (6, 5),
    "Wales": (5, 5),
}
"""Premises and people of each region, in hundredths or so: ours, after the sizes of the regions."""


@dataclass(frozen=True, slots=True)
class Region:
    """A probation region, with its shares of premises and of people."""

    name: str
    area: str
    code: str
    premises: int
    people: int


REGIONS = tuple(
    Region(region.name, region.area, region.code, *_SHARES[region.name])
    for region in regions.REGIONS
)


@dataclass(frozen=True, slots=True)
class Place:
    """An outcode of a region, and its point."""

    outcode: str
    point: Point
    region: Region


@cache
def places() -> tuple[Place, ...]:
    """Every outcode of England and Wales that belongs to a region, in alphabetical order."""
    by_name = {region.name: region for region in REGIONS}
    return tuple(
        Place(outcode, point, by_name[region.name])
        for outcode, point in outcode_points().items()
        if (region := region_of_outcode(outcode)) is not None
    )


def regions_of(areas: tuple[str, ...]) -> tuple[Region, ...]:
    """The regions of these areas; every region when none is named."""
    return tuple(region for region in REGIONS if not areas or region.area in areas)


@cache
def places_in(region: str) -> tuple[Place, ...]:
    """The outcodes of one region, by its name."""
    return tuple(place for place in places() if place.region.name == region)


def near(point: Point, offsets: NDArray[np.float64]) -> Point:
    """A point a mile or so away: `offsets` are two standard normal numbers."""
    return Point(
        round(point.latitude + JITTER_DEGREES * float(offsets[0]), 5),
        round(point.longitude + JITTER_DEGREES * float(offsets[1]), 5),
    )

"""Where synthetic premises and people are: near outcodes of the twelve probation regions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allocator.geography.outcodes import outcode_points
from allocator.geography.point import Point

_LETTERS = re.compile(r"[A-Z]+")
JITTER_DEGREES = 0.02
_SEE, _SWSC = "South East & Eastern", "South West & South Central"


@dataclass(frozen=True, slots=True)
class Region:
    """A probation region: its approved-premises area and its letters of postcodes.

    Postcodes do not follow regions' borders; each is given to the region that has most of it.
    `premises` and `people` are shares in hundredths or so: ours, after the sizes of the regions.
    """

    name: str
    area: str
    code: str
    letters: str
    premises: int
    people: int


REGIONS = (
    Region("London", "London", "LON", "E EC N NW SE SW W WC BR CR EN HA IG RM SM TW UB", 14, 18),
    Region("North East", "North East", "NE", "NE SR DH TS DL", 7, 6),
    Region("Yorkshire & The Humber", "North East", "YH", "BD DN HD HG HU HX LS S WF YO", 10, 10),
    Region("North West", "North West", "NW", "BB CA CH CW FY L LA PR WA", 10, 10),
    Region("Greater Manchester", "North West", "GM", "BL M OL SK WN", 8, 8),
    Region("East Midlands", "Midlands", "EM", "DE LE LN NG NN", 9, 8),
    Region("West Midlands", "Midlands", "WM", "B CV DY HR ST TF WR WS WV", 11, 11),
    Region("East of England", _SEE, "EE", "AL CB CM CO IP LU NR PE SG SS WD", 10, 9),
    Region("Kent Surrey & Sussex", _SEE, "KSS", "BN CT DA GU KT ME RH TN", 7, 8),
    Region("South West", _SWSC, "SW", "BA BH BS DT EX GL PL SN SP TA TQ TR", 7, 7),
    Region("South Central", _SWSC, "SC", "HP MK OX PO RG SL SO", 6, 5),
    Region("Wales", "Wales", "WAL", "CF LD LL NP SA", 5, 5),
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
    region_of = {letters: region for region in REGIONS for letters in region.letters.split()}
    return tuple(
        Place(outcode, point, region_of[letters])
        for outcode, point in outcode_points().items()
        if (letters := _letters_of(outcode)) in region_of
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


def _letters_of(outcode: str) -> str:
    match = _LETTERS.match(outcode)
    return match.group() if match else ""

"""The map of where people go: England and Wales in dots, a line from each home to its premises.

The dots are the packaged outcodes, which lie where people live: no outline is needed, and none
has to be fetched. See allocator.geography.outcodes for their source and attribution.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allocator.export.placed import Placed
from allocator.geography.outcodes import outcode_points
from allocator.geography.point import Point

NORTH, SOUTH, WEST, EAST = 55.9, 49.85, -5.85, 1.95
ACROSS = 500
"""Width in pixels; the height follows from the shape of the country."""
MIDDLE = math.cos(math.radians((NORTH + SOUTH) / 2))
SCALE = ACROSS / ((EAST - WEST) * MIDDLE)
HEIGHT = round((NORTH - SOUTH) * SCALE)
SCOTLAND = re.compile(r"(AB|DD|DG|EH|FK|G|HS|IV|KA|KW|KY|ML|PA|PH|TD|ZE)[0-9]")
"""Outcodes of Scotland, by their postcode area."""
FAINTER_FROM = 150
"""Journeys on one map above which lines are drawn fainter."""
CLOSEST_DOTS = 2.0
"""Pixels between two dots, about; closer ones are one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A premises on the map; the area of its mark grows with the people who go there."""

    x: float
    y: float
    radius: float
    people: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One map: a line for each journey, fainter the more there are, so that crowds show."""

    title: str
    lines: tuple[str, ...]
    opacity: float
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Two maps over the same dots, and how many journeys they cannot show."""

    width: int
    height: int
    dots: str
    panels: tuple[Panel, ...]
    not_shown: int


def map_picture(placed: Sequence[Placed]) -> MapPicture:
    """Journeys within the radius aimed for, and beside them those beyond it."""
    shown = [p for p in placed if _on_map(_home(p)) and _on_map(_end(p))]
    return MapPicture(
        width=ACROSS,
        height=HEIGHT,
        dots=_dots(),
        panels=(
            _panel("Within the radius aimed for", [p for p in shown if not p.beyond_aim]),
            _panel("Beyond it", [p for p in shown if p.beyond_aim]),
        ),
        not_shown=len(placed) - len(shown),
    )


def _panel(title: str, shown: Sequence[Placed]) -> Panel:
    people = Counter(_end(p) for p in shown)
    return Panel(
        title=f"{title}: {len(shown):,} {'person' if len(shown) == 1 else 'people'}",
        lines=tuple(_line(p) for p in shown),
        opacity=round(min(0.7, max(0.1, FAINTER_FROM / max(1, len(shown)))), 2),
        spots=tuple(_spot(place, count) for place, count in people.items() if place),
    )


def _dots() -> str:
    """A path of dots, thinned to one a small square."""
    places = (at for outcode, at in outcode_points().items() if not SCOTLAND.match(outcode))
    return "".join(f"M{x:g} {y:g}h0" for x, y in sorted(_thinned(places)))


def _thinned(places: Iterable[Point]) -> set[tuple[float, float]]:
    squares: dict[tuple[float, float], tuple[float, float]] = {}
    for place in places:
        if _on_map(place):
            x, y = _xy(place)
            squares.setdefault((x // CLOSEST_DOTS, y // CLOSEST_DOTS), (x, y))
    return set(squares.values())


def _line(p: Placed) -> str:
    (x1, y1), (x2, y2) = (_xy(place) for place in (_home(p), _end(p)) if place)
    return f"M{x1:g} {y1:g}L{x2:g} {y2:g}"


def _spot(place: Point, people: int) -> Spot:
    x, y = _xy(place)
    return Spot(x, y, round(1 + 0.6 * math.sqrt(people), 1), people)


def _home(p: Placed) -> Point | None:
    return p.referral.location


def _end(p: Placed) -> Point | None:
    return p.premises.location


def _on_map(place: Point | None) -> bool:
    return place is not None and SOUTH < place.latitude < NORTH and WEST < place.longitude < EAST


def _xy(place: Point) -> tuple[float, float]:
    """Pixels from the top left; a degree of longitude is narrowed as at the middle latitude."""
    return (
        round((place.longitude - WEST) * MIDDLE * SCALE, 1),
        round((NORTH - place.latitude) * SCALE, 1),
    )

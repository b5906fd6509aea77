"""People and places to be kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED
from allocator.geography.point import Point
from allocator.sets import SetOf


@dataclass(frozen=True, slots=True)
class Separation:
    """Two people who never sleep at one premises on one night.

    With `radius_miles`, nor at two premises within that many miles of each other (closed:
    exactly that far counts as within).
    """

    __pydantic_config__ = CLOSED

    crn: str
    other_crn: str
    radius_miles: float | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """Every point within `radius_miles` of `centre`, the edge included."""

    __pydantic_config__ = CLOSED

    centre: Point
    radius_miles: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """GeoJSON MultiPolygon coordinates: polygons of rings of (longitude, latitude).

    The first ring of a polygon is its outside, the others are holes; edges belong to the zone.
    """

    __pydantic_config__ = CLOSED

    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


@dataclass(frozen=True, slots=True)
class ExclusionZone:
    """Where a person must not live: a circle, a polygon, or premises by name; at least one."""

    __pydantic_config__ = CLOSED

    crn: str
    circle: Circle | None = None
    polygon: Polygon | None = None
    premises_ids: SetOf[str] = frozenset()

    def __post_init__(self) -> None:
        if self.circle is None and self.polygon is None and not self.premises_ids:
            raise ValueError("an exclusion zone needs a circle, a polygon or named premises")

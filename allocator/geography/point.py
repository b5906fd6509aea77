"""A place on the map."""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocator.closed import CLOSED


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place by latitude and longitude: WGS84, degrees, north and east positive.

    Raises ValueError for a coordinate that is not a number or not on the globe.
    """

    __pydantic_config__ = CLOSED

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        _refuse_beyond(90, "latitude", self.latitude)
        _refuse_beyond(180, "longitude", self.longitude)

    @property
    def in_great_britain(self) -> bool:
        """Whether the place is in the box around Great Britain; false when the axes are swapped."""
        return 49 <= self.latitude <= 61 and -9 <= self.longitude <= 2.5


def _refuse_beyond(limit: int, name: str, degrees: float) -> None:
    if not (math.isfinite(degrees) and -limit <= degrees <= limit):
        raise ValueError(f"{name} must be from -{limit} to {limit} degrees, not {degrees}")

"""Open premises: a new one, at a place on the map, from a day on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from allocator.closed import CLOSED
from allocator.estate import Premises
from allocator.geography.distance import miles_matrix
from allocator.geography.outcodes import outcode_points
from allocator.geography.point import Point
from allocator.sets import SetOf
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.open_beds import with_beds
from allocator.simulate.changes.who import Sex, check_regions
from allocator.vocabulary import ApType, Criterion

MOST_MILES = 20
"""To the middle of the nearest outcode: none of England and Wales is wider."""
SCOTTISH = frozenset(
    ["AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE"]
)
"""Letters of outcodes that are in Scotland. TD is on both sides of the border."""


@dataclass(frozen=True, slots=True)
class OpenPremises:
    """Every bed in a room of its own. `since` None: there from the first day.

    Nobody asks for an AP type because it is opened: who asks for what is the demand's.
    """

    __pydantic_config__ = CLOSED

    id: str
    gender: Sex
    location: Point
    beds: int
    ap_types: SetOf[ApType] = frozenset({ApType.NORMAL})
    characteristics: SetOf[Criterion] = frozenset()
    room_characteristics: SetOf[Criterion] = frozenset()
    region: str = ""
    since: date | None = None
    kind: Literal["open_premises"] = "open_premises"

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.ap_types:
            raise ValueError("a premises needs an id and at least one AP type")
        if not 1 <= self.beds <= 500:
            raise ValueError("beds must be from 1 to 500")

    def applied(self, inputs: Inputs) -> Inputs:
        problem = inputs.problem
        if self.id in problem.premises_by_id:
            raise ValueError(f"a premises with the id {self.id} is there already")
        if self.region:
            check_regions([self.region])
        _refuse_elsewhere(self.location)
        site = Premises(
            id=self.id,
            name=self.id,
            gender=self.gender,
            ap_types=self.ap_types,
            characteristics=self.characteristics,
            location=self.location,
            region=self.region,
        )
        wider = replace(problem, premises=(*problem.premises, site))
        features = self.room_characteristics
        return replace(
            inputs,
            problem=with_beds(wider, self.id, self.beds, features, self.since, inputs.number),
        )


def _refuse_elsewhere(location: Point) -> None:
    """Raises ValueError for a place that is not in England or Wales."""
    points = outcode_points()
    miles = miles_matrix([location], list(points.values()))[0]
    nearest = list(points)[int(miles.argmin())]
    letters = re.sub("[0-9].*", "", nearest)
    if miles.min() > MOST_MILES or letters in SCOTTISH:
        swapped = Point(location.longitude, location.latitude) if _swappable(location) else None
        hint = "; are they swapped?" if swapped and swapped.in_great_britain else ""
        raise ValueError(
            f"location: latitude {location.latitude:g}, longitude {location.longitude:g} is not in "
            f"England or Wales: {nearest} is nearest, {miles.min():,.0f} miles away{hint}"
        )


def _swappable(location: Point) -> bool:
    return abs(location.longitude) <= 90 and not location.in_great_britain

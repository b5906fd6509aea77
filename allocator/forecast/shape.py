"""Shapes: how a number of days is spread over the people of a group."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from allocator.closed import CLOSED
from allocator.vocabulary import ApType


@dataclass(frozen=True, slots=True)
class Shape:
    """Values in order and the weight of each, of one group. None: of every band, or AP type.

    Raises ValueError when they are not of one length or weigh nothing.
    """

    __pydantic_config__ = CLOSED

    band: int | None
    ap_type: ApType | None
    values: tuple[int, ...]
    weights: tuple[float, ...]
    counted: int
    """People of the history in the group."""

    def __post_init__(self) -> None:
        if len(self.values) != len(self.weights) or list(self.values) != sorted(set(self.values)):
            raise ValueError("a shape has different values in order, with one weight each")
        if min(self.weights, default=0) < 0 or not 0 < sum(self.weights) < math.inf:
            raise ValueError("a shape's weights are not below 0, and not all 0")
        if self.values[0] < 0:
            raise ValueError("days cannot be below 0")

    def edges(self) -> list[float]:
        """Running sums of the weights."""
        return list(accumulate(self.weights))

    def at(self, edges: list[float], chance: float) -> int:
        """The value at a number from 0 to 1: `chance` of the weight lies at or below it."""
        n = bisect_right(edges, chance * edges[-1])
        return self.values[min(n, len(self.values) - 1)]


def shape_for(shapes: tuple[Shape, ...], band: int, ap_type: ApType) -> Shape:
    """The narrowest group that the person is in; there is always one of everybody of the AP type.

    Ties cannot be: a group is of band and type, or of band, or of type, or of all.
    """
    fitting = [
        shape for shape in shapes if shape.band in (None, band) and shape.ap_type in (None, ap_type)
    ]
    return max(fitting, key=lambda shape: (shape.band is not None, shape.ap_type is not None))

"""Cells: the shares of all referrals by band, region, sex and AP type."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED
from allocator.vocabulary import ApType, Gender

NO_REGION = ""
"""Of referrals with no outcode, or one outside the regions."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One band, region, sex and AP type. Raises ValueError for a share that is none."""

    __pydantic_config__ = CLOSED

    band: int
    region: str
    gender: Gender
    ap_type: ApType
    share: float
    """Of all referrals, before `scale`."""
    counted: int
    """Referrals of the history in the cell."""
    own: bool
    """Whether the share is the cell's own; else it is from the model of the pooled cells."""
    scale: float = 1.0
    """Multiple of the rate: other than 1 in a forecast made wrong on purpose."""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or not 0 <= self.scale < float("inf"):
            raise ValueError("a cell's share is from 0 to 1, and its scale 0 or more")
        if self.counted < 0 or self.band < 1:
            raise ValueError("a cell's band is 1 or more, and its count not below 0")

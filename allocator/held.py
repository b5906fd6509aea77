"""Held nights: beds kept for people of the higher bands, some of whom are not referred yet."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED
from allocator.nights import Stay

NO_BAND = 10**6
"""Below every band: of a booking without a bed, whom a plan may seat on no held night."""


@dataclass(frozen=True, slots=True)
class HeldNights:
    """Nights of a bed for new people of bands 1 to `lowest_band` alone; bookings made stand."""

    __pydantic_config__ = CLOSED

    bed_id: str
    nights: Stay
    lowest_band: int

    def __post_init__(self) -> None:
        if self.lowest_band < 1:
            raise ValueError(f"bed {self.bed_id} is held for no band: the highest is band 1")

    def keeps_out(self, band: int) -> bool:
        """Whether somebody new of the band may not have these nights."""
        return band > self.lowest_band

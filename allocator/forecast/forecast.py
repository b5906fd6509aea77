"""The forecast: everything that is needed to draw the people of days to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from allocator.closed import CLOSED
from allocator.coming import Coming
from allocator.forecast.cell import Cell
from allocator.forecast.donor import Donor, Home
from allocator.forecast.rate import Outcomes
from allocator.forecast.remark import Remark
from allocator.forecast.shape import Shape
from allocator.forecast.total import Total
from allocator.streams import Streams
from allocator.vocabulary import ApType

FORECAST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What the forecast was made from, and under which policy's bands."""

    __pydantic_config__ = CLOSED

    as_of: date
    policy_name: str
    policy_digest: str
    """SHA-256 of the policy file."""
    first: date
    until: date
    """The history covers `first` to the day before `until`."""
    referrals: int
    """Made on those days."""
    counts_from: date
    weekly: tuple[tuple[int, ...], ...]
    """Referrals of each band in each whole week from `counts_from`, one tuple a band."""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """A fitted process. Implements `Demand`. Raises ValueError when its parts do not go together.

    Two calls of `people` with different streams also draw different rates and shares, such as the
    history allows: people drawn often spread as widely as the forecast is unsure.
    """

    __pydantic_config__ = CLOSED

    basis: Basis
    total: Total
    cells: tuple[Cell, ...]
    sure_of: int
    """Referrals that the shares of cells rest on: how closely they are known."""
    notice: tuple[Shape, ...]
    nights: tuple[Shape, ...]
    outcomes: Outcomes
    donors: tuple[Donor, ...]
    homes: tuple[Home, ...]
    remarks: tuple[Remark, ...]
    version: int = FORECAST_VERSION

    def __post_init__(self) -> None:
        if not self.cells or abs(sum(cell.share for cell in self.cells) - 1) > 1e-6:
            raise ValueError("shares of cells must add up to 1")
        if self.sure_of < 1:
            raise ValueError("shares rest on one referral at least")
        if not any(shape.band is None and shape.ap_type is None for shape in self.notice):
            raise ValueError("notice lacks a shape of everybody")
        for kind in {cell.ap_type for cell in self.cells}:
            if not any(s.band is None and s.ap_type in (None, kind) for s in self.nights):
                raise ValueError(f"nights lack a shape of {ApType(kind)}")
        there = {(donor.band, donor.gender) for donor in self.donors}
        lacking = {(cell.band, cell.gender) for cell in self.cells} - there
        if lacking:
            raise ValueError(f"no donor for band {min(lacking)[0]}")
        if len(self.basis.weekly) < max(cell.band for cell in self.cells):
            raise ValueError("weekly counts of every band are needed")

    @property
    def bands(self) -> tuple[int, ...]:
        """Numbers of the bands, from 1."""
        return tuple(range(1, len(self.basis.weekly) + 1))

    def require_by(self, day: date) -> None:
        """Raise ValueError when it begins later than a day on which people are to come."""
        if self.basis.as_of > day:
            raise ValueError(
                f"the forecast begins on {self.basis.as_of}, after {day}: make one --as-of {day}, "
                "or an earlier day"
            )

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        """Everyone referred from `first` to the day before `until`, in order of that day."""
        from allocator.forecast.draw import draw_people

        return draw_people(self, streams, first, until)

    def scaled(self, factor: float, band: int | None = None, region: str | None = None) -> Forecast:
        """The forecast made wrong on purpose: the rate times `factor`, of a band or region alone.

        Raises ValueError for a factor below 0, and for a band or region that no cell is of.
        """
        chosen = {
            n
            for n, cell in enumerate(self.cells)
            if band in (None, cell.band) and region in (None, cell.region)
        }
        if not chosen:
            raise ValueError(f"no cell is of band {band} and region {region}")
        cells = (
            replace(cell, scale=cell.scale * factor) if n in chosen else cell
            for n, cell in enumerate(self.cells)
        )
        return replace(self, cells=tuple(cells))

"""Tally: what a simulated year came to, by band."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan
from statistics import median

from allocator.closed import CLOSED
from allocator.simulate.record import Record
from allocator.simulate.year import Year


@dataclass(frozen=True, slots=True)
class BandTally:
    """People of one band whose release is counted and who come.

    `unmet`: never had a bed in their window. `notice`: median days from a firm bed to release.
    """

    __pydantic_config__ = CLOSED

    band: int
    asked: int
    on_the_day: int
    later: int
    unmet: int
    uncovered_nights: int
    tenths: int
    disturbed: int
    nights_lost: int
    notice: float | None

    @property
    def share_on_the_day(self) -> float:
        """Of those who asked, the share with a bed on the night of release; NaN: nobody asked."""
        return self.on_the_day / self.asked if self.asked else nan


@dataclass(frozen=True, slots=True)
class Tally:
    """One year of one method on one world."""

    __pydantic_config__ = CLOSED

    method: str
    bands: tuple[BandTally, ...]
    weighted_unmet: float
    """Σ weight of the band × people who never had a bed."""
    unmet_with_warm_up: float
    """The same of everyone released before the last day counted, as the hindsight bound counts."""
    occupancy: float
    """Share of usable bed-nights slept in. Reported, never aimed at."""

    def band(self, number: int) -> BandTally:
        """The tally of one band."""
        return self.bands[number - 1]


def tally(year: Year) -> Tally:
    """Count a year that has been run."""
    world = year.world
    first, end = world.ground.day(world.counted_from), world.ground.day(world.until)
    counted = [r for r in year.records.values() if r.comes and first <= r.release < end]
    bands = tuple(
        _band(band.number, [r for r in counted if r.band == band.number])
        for band in world.policy.bands
    )
    # A float at once: what is read back from a file or a queue is one, and must look the same.
    unmet = float(sum(world.policy.band_weights[each.band - 1] * each.unmet for each in bands))
    ground = world.ground
    nights = ground.offered[:, first:end]
    if ground.closing:
        # A premises that runs down has the nights that are still slept there, and no others.
        nights = nights | (ground.takes_people[:, None] & (year.board.who[:, first:end] >= 0))
    return Tally(
        year.method.name,
        bands,
        unmet,
        _unmet_with_warm_up(year, end),
        year.occupied_nights / max(1, int(nights.sum())),
    )


def _unmet_with_warm_up(year: Year, end: int) -> float:
    weights = year.world.policy.band_weights
    return float(
        sum(
            weights[r.band - 1]
            for r in year.records.values()
            if r.comes and r.release < end and r.housed_on is None
        )
    )


def _band(number: int, records: Iterable[Record]) -> BandTally:
    found = list(records)
    notice = [r.release - r.firm_on for r in found if r.firm_on is not None]
    return BandTally(
        band=number,
        asked=len(found),
        on_the_day=sum(r.on_the_day for r in found),
        later=sum(r.housed_on is not None and not r.on_the_day for r in found),
        unmet=sum(r.housed_on is None for r in found),
        uncovered_nights=sum(r.uncovered for r in found),
        tenths=sum(r.tenths or 0 for r in found),
        disturbed=sum(r.disturbed for r in found),
        nights_lost=sum(r.nights_lost for r in found),
        notice=float(median(notice)) if notice else None,
    )

"""Figures: what is told of simulated years, each with its words and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

from allocator.simulate.compare import (
    Figure,
    Interval,
    count_of,
    interval,
    on_the_day,
    share_of,
    weighted_unmet,
)
from allocator.simulate.tally import Tally


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a year. `of` gives NaN for a year that has none."""

    name: str
    words: str
    unit: str
    of: Figure
    share: bool = False
    """Shown as a percentage, and its differences as points."""
    better: str = ""
    """Which way is better: fewer, more, or neither, as of beds in use."""
    counts: bool = True
    """Never below nought, unless it is a difference."""


def figures(bands: Sequence[int]) -> tuple[Told, ...]:
    """Every figure, those of each band together."""
    found = [
        Told(
            "weighted_unmet", "Weighted unmet", "weights of people", weighted_unmet, better="fewer"
        ),
        Told("unmet", "Unmet people", "people", unmet, better="fewer"),
        Told("uncovered_nights", "Uncovered nights", "nights", uncovered_nights, better="fewer"),
        Told("occupancy", "Beds in use", "share of bed-nights", lambda t: t.occupancy, True),
    ]
    for band in bands:
        words = f"band {band}"
        found += [
            Told(f"asked_band_{band}", f"Asked, {words}", "people", _band(band, "asked")),
            Told(
                f"unmet_band_{band}",
                f"Unmet people, {words}",
                "people",
                _band(band, "unmet"),
                better="fewer",
            ),
            Told(
                f"on_the_day_band_{band}",
                f"Housed on the day, {words}",
                "share of people",
                on_the_day(band),
                True,
                better="more",
            ),
            Told(
                f"uncovered_nights_band_{band}",
                f"Uncovered nights, {words}",
                "nights",
                _band(band, "uncovered_nights"),
                better="fewer",
            ),
            Told(
                f"notice_band_{band}",
                f"Notice, {words}",
                "days, median",
                _notice(band),
                # A bed can be made firm after the release.
                counts=False,
            ),
        ]
    return tuple(found)


def unmet(tally: Tally) -> float:
    """People of every band who never had a bed."""
    return float(sum(band.unmet for band in tally.bands))


def uncovered_nights(tally: Tally) -> float:
    """Nights from release to a bed, or to the end of the window, of every band."""
    return float(sum(band.uncovered_nights for band in tally.bands))


def mean_of(told: Told, tallies: Sequence[Tally]) -> Interval | None:
    """The mean over the years that have the figure; None: none has."""
    return _known(told, [told.of(tally) for tally in tallies], change=False)


def change_of(told: Told, ours: Sequence[Tally], theirs: Sequence[Tally]) -> Interval | None:
    """Ours less theirs over the same years; years in which either lacks it are left out."""
    each = [told.of(a) - told.of(b) for a, b in zip(ours, theirs, strict=True)]
    return _known(told, each, change=True)


def _known(told: Told, values: Sequence[float], *, change: bool) -> Interval | None:
    found = interval(values)
    if isnan(found.mean):
        return None
    if told.share:
        return share_of(found, change=change)
    return count_of(found) if told.counts and not change else found


def _band(band: int, name: str) -> Figure:
    return lambda tally: float(getattr(tally.band(band), name))


def _notice(band: int) -> Figure:
    def days(tally: Tally) -> float:
        found = tally.band(band).notice
        return nan if found is None else float(found)

    return days

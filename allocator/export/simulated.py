"""Simulated years as tables: one of what each method came to, one of differences to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocator.export.table import Cell, csv_bytes
from allocator.simulate.compare import (
    Figure,
    Interval,
    difference,
    interval,
    on_the_day,
    reduction,
    weighted_unmet,
)
from allocator.simulate.tally import BandTally, Tally

Years = Mapping[str, Sequence[Tally]]
"""Tallies of the same years in the same order, by the name of a method."""
OF_BAND = ("asked", "on_the_day", "later", "unmet", "uncovered_nights", "disturbed", "nights_lost")


def by_band_csv(years: Years) -> bytes:
    """A row for each method and band: means over the years, and intervals of the share housed."""
    rows: list[list[Cell]] = [
        [
            "method",
            "band",
            "years",
            *(f"mean_{name}" for name in OF_BAND),
            "mean_miles",
            "median_notice_days",
            "share_on_the_day",
            "share_low",
            "share_high",
        ]
    ]
    for method, tallies in years.items():
        for band in [each.band for each in tallies[0].bands]:
            own = [tally.band(band) for tally in tallies]
            share = interval([each.share_on_the_day for each in own])
            rows.append(
                [
                    method,
                    band,
                    len(own),
                    *(_mean(own, name) for name in OF_BAND),
                    _figure(_miles(own)),
                    _figure(_notice(own)),
                    *(_figure(each) for each in (share.mean, share.low, share.high)),
                ]
            )
    return csv_bytes(rows)


def differences_csv(years: Years) -> bytes:
    """Each later method less the first, year by year: a row for each figure, with its interval."""
    first, *others = years
    rows: list[list[Cell]] = [["method", "less", "figure", "years", "mean", "low", "high"]]
    for method in others:
        ours, theirs = years[method], years[first]
        share = reduction(weighted_unmet, ours, theirs)
        found: list[tuple[str, Interval]] = [
            ("weighted_unmet", difference(weighted_unmet, ours, theirs)),
            ("weighted_unmet_reduction", share),
        ]
        for band in [each.band for each in ours[0].bands]:
            found += [
                (f"share_on_the_day_band_{band}", difference(on_the_day(band), ours, theirs)),
                (f"unmet_people_band_{band}", difference(_unmet(band), ours, theirs)),
            ]
        for name, each in found:
            figures = (_figure(value) for value in (each.mean, each.low, each.high))
            rows.append([method, first, name, len(ours), *figures])
    return csv_bytes(rows)


def _unmet(band: int) -> Figure:
    return lambda tally: float(tally.band(band).unmet)


def _mean(tallies: Sequence[BandTally], name: str) -> float | None:
    return _figure(sum(getattr(each, name) for each in tallies) / len(tallies))


def _miles(tallies: Sequence[BandTally]) -> float | None:
    """Miles from home of those housed."""
    housed = sum(each.on_the_day + each.later for each in tallies)
    return sum(each.tenths for each in tallies) / 10 / housed if housed else None


def _notice(tallies: Sequence[BandTally]) -> float | None:
    known = [each.notice for each in tallies if each.notice is not None]
    return sum(known) / len(known) if known else None


def _figure(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

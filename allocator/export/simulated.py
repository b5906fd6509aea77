"""Simulated years as tables: one of what each method came to, one of differences to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

from allocator.export.table import Cell, csv_bytes
from allocator.simulate.about import About
from allocator.simulate.compare import (
    Figure,
    Interval,
    difference,
    interval,
    on_the_day,
    reduction,
    share_of,
    weighted_unmet,
)
from allocator.simulate.tally import BandTally, Tally

Years = Mapping[str, Sequence[Tally]]
"""Tallies of the same years in the same order, by the name of a method."""
OF_BAND = ("asked", "on_the_day", "later", "unmet", "uncovered_nights", "disturbed", "nights_lost")


def by_band_csv(years: Years, about: About) -> bytes:
    """A row for each method and band: means over the years, and intervals of the share housed.

    docs/simulation.md says what each column counts.
    """
    rows: list[list[Cell]] = [
        [
            "method",
            "band",
            "years",
            "days",
            *(f"mean_{name}" for name in OF_BAND),
            "mean_miles",
            "median_notice_days",
            "share_on_the_day",
            "share_low",
            "share_high",
            "synthetic",
        ]
    ]
    for method, tallies in years.items():
        for band in [each.band for each in tallies[0].bands]:
            own = [tally.band(band) for tally in tallies]
            share = share_of(interval([each.share_on_the_day for each in own]))
            rows.append(
                [
                    method,
                    band,
                    len(own),
                    _days(about),
                    *(_mean(own, name) for name in OF_BAND),
                    _figure(_miles(own)),
                    _figure(_notice(own)),
                    *(_figure(each) for each in (share.mean, share.low, share.high)),
                    about.synthetic_word,
                ]
            )
    return csv_bytes(rows)


def differences_csv(years: Years, about: About) -> bytes:
    """Each later method less the first, year by year: a row for each figure, with its interval."""
    first, *others = years
    rows: list[list[Cell]] = [
        [
            *("method", "less", "figure", "unit", "years", "days"),
            *("mean", "low", "high", "synthetic"),
        ]
    ]
    for method in others:
        ours, theirs = years[method], years[first]
        share = reduction(weighted_unmet, ours, theirs)
        found: list[tuple[str, str, Interval]] = [
            ("weighted_unmet", "weights of people", difference(weighted_unmet, ours, theirs)),
            ("weighted_unmet_reduction", "share", share),
        ]
        for band in [each.band for each in ours[0].bands]:
            found += [
                (
                    f"share_on_the_day_band_{band}",
                    "share of people",
                    share_of(difference(on_the_day(band), ours, theirs), change=True),
                ),
                (
                    f"unmet_people_band_{band}",
                    "people",
                    difference(_unmet(band), ours, theirs),
                ),
            ]
        for name, unit, each in found:
            figures = (_figure(value) for value in (each.mean, each.low, each.high))
            rows.append(
                [
                    *(method, first, name, unit, len(ours), _days(about)),
                    *(*figures, about.synthetic_word),
                ]
            )
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
    """None where there is none: a band of which nobody asked."""
    return None if value is None or isnan(value) else round(value, 4)


def _days(about: About) -> int:
    """Days on which releases are counted, in each year."""
    return (about.last_counted - about.first_counted).days + 1

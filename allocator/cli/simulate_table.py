"""What simulated years came to, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from allocator.cli.stacked_table import Column, print_stacked
from allocator.export.simulated import Years
from allocator.plain_words import percent
from allocator.scenario.figures import unmet
from allocator.simulate.compare import (
    CutInterval,
    Figure,
    Interval,
    count_of,
    difference,
    interval,
    on_the_day,
    reduction,
    share_of,
    weighted_unmet,
)
from allocator.simulate.tally import Tally

NOBODY = "–"
"""In place of a share of nobody."""


def print_methods(years: Years) -> None:
    """A row a method: unmet need, the share of each band housed on the day, beds in use."""
    first = next(iter(years))
    every = tuple(years.values())
    below = tuple(
        "" if method == first else percent_of(reduction(weighted_unmet, tallies, years[first]))
        for method, tallies in years.items()
    )
    in_use = (percent_of(interval([t.occupancy for t in each]), half=False) for each in every)
    print_stacked(
        "Bands: share with a bed on the night of release",
        [Column("method", tuple(years))],
        [
            Column("weighted unmet", _counts(weighted_unmet, every)),
            Column(f"below {first}", below),
            Column("unmet people", _counts(unmet, every)),
            *(
                Column(
                    f"band {each.band}",
                    tuple(percent_of(_on_the_day(tallies, each.band)) for tallies in every),
                )
                for each in years[first][0].bands
            ),
            Column("in use", tuple(in_use)),
        ],
    )


def _counts(of: Figure, every: Sequence[Sequence[Tally]]) -> tuple[str, ...]:
    found = [count_of(interval([of(tally) for tally in tallies])) for tallies in every]
    return tuple(f"{each.mean:,.0f}{each.spread(1, 0)}" for each in found)


def _on_the_day(tallies: Sequence[Tally], band: int) -> CutInterval:
    return share_of(interval([on_the_day(band)(tally) for tally in tallies]))


def price_lines(years: Years) -> list[str]:
    """For each later method, what each band has more or less of: the gain beside its price."""
    first, *others = years
    lines = []
    for method in others:
        parts = []
        for each in years[first][0].bands:
            change = difference(on_the_day(each.band), years[method], years[first])
            parts.append(f"band {each.band} {signed(change)}")
        lines.append(f"{method} less {first}, points housed on the day: {', '.join(parts)}.")
    return lines


def percent_of(share: Interval, *, half: bool = True) -> str:
    """`72 ± 3 %`; of a share whose interval is cut, `72 (31–100) %`."""
    spread = ""
    if half and isinstance(share, CutInterval):
        spread = share.spread(100, 0)
    elif half and share.half is not None:
        spread = f" ± {100 * share.half:.0f}"
    return NOBODY if isnan(share.mean) else f"{percent(share.mean)}{spread} %"


def signed(change: Interval) -> str:
    """`+24 ± 3`, in points."""
    spread = f" ± {100 * change.half:.0f}" if change.half is not None else ""
    return NOBODY if isnan(change.mean) else f"{100 * change.mean:+.0f}{spread}"

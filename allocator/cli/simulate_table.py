"""What simulated years came to, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from rich.table import Table

from allocator.export.simulated import Years
from allocator.simulate.compare import (
    CutInterval,
    Interval,
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


def simulate_table(years: Years) -> Table:
    """A row a method: weighted unmet need, the share of each band housed on the day, notice."""
    first = next(iter(years))
    bands = [each.band for each in years[first][0].bands]
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="bold",
        caption="bands: share with a bed on the night of release",
        caption_justify="left",
    )
    table.add_column("method")
    table.add_column("unmet", justify="right")
    table.add_column(f"below {first}", justify="right")
    for band in bands:
        table.add_column(f"band {band}", justify="right")
    table.add_column("in use", justify="right")
    for method, tallies in years.items():
        below = "" if method == first else percent(reduction(weighted_unmet, tallies, years[first]))
        table.add_row(
            method,
            whole(interval([tally.weighted_unmet for tally in tallies])),
            below,
            *(percent(_on_the_day(tallies, band)) for band in bands),
            percent(interval([tally.occupancy for tally in tallies]), half=False),
        )
    return table


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


def percent(share: Interval, *, half: bool = True) -> str:
    """`72 ± 3 %`; of a share whose interval is cut, `72 (31–100) %`."""
    spread = ""
    if half and isinstance(share, CutInterval):
        spread = share.spread(100, 0)
    elif half and share.half is not None:
        spread = f" ± {100 * share.half:.0f}"
    return NOBODY if isnan(share.mean) else f"{100 * share.mean:.0f}{spread} %"


def whole(figure: Interval) -> str:
    """`2,647 ± 120`."""
    spread = f" ± {figure.half:,.0f}" if figure.half is not None else ""
    return f"{figure.mean:,.0f}{spread}"


def signed(change: Interval) -> str:
    """`+24 ± 3`, in points."""
    spread = f" ± {100 * change.half:.0f}" if change.half is not None else ""
    return NOBODY if isnan(change.mean) else f"{100 * change.mean:+.0f}{spread}"

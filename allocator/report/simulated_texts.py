"""Simulated years as the files that people and programs read."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from allocator.export.simulated import by_band_csv, differences_csv
from allocator.report.simulated_picture import simulated_picture
from allocator.simulate.cell import Result
from allocator.simulate.tally import Tally

_RESULTS = TypeAdapter(tuple[Result, ...])


def by_method(results: Sequence[Result]) -> dict[str, list[Tally]]:
    """Tallies in the order of the years, by the name of the method."""
    found: dict[str, list[Tally]] = {}
    for result in results:
        found.setdefault(result.cell.method, []).append(result.tally)
    return found


def simulated_texts(results: Sequence[Result]) -> dict[str, bytes]:
    """The content of each file, by its name; differences are to the first method."""
    found = by_method(results)
    return {
        "by-band.csv": by_band_csv(found),
        "differences.csv": differences_csv(found),
        "results.json": _RESULTS.dump_json(tuple(results), indent=1),
        "housed-on-the-day.svg": simulated_picture(found),
    }

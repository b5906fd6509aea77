"""Simulated years as the files that people and programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from allocator import __version__
from allocator.export.simulated import by_band_csv, differences_csv
from allocator.report.simulated_picture import simulated_picture
from allocator.simulate.about import About, about
from allocator.simulate.cell import Result
from allocator.simulate.setting import SIMULATION_VERSION, Setting
from allocator.simulate.tally import Tally

RESULTS_VERSION = 1


@dataclass(frozen=True, slots=True)
class SimulatedYears:
    """results.json. `setting`: of the first year; the others have another `replication`."""

    version: int
    synthetic_estate: bool
    allocator: str
    simulation_version: int
    setting: Setting
    about: About
    methods: tuple[str, ...]
    results: tuple[Result, ...]


_RESULTS = TypeAdapter(SimulatedYears)


def by_method(results: Sequence[Result]) -> dict[str, list[Tally]]:
    """Tallies in the order of the years, by the name of the method."""
    found: dict[str, list[Tally]] = {}
    for result in results:
        found.setdefault(result.cell.method, []).append(result.tally)
    return found


def simulated_texts(results: Sequence[Result]) -> dict[str, bytes]:
    """The content of each file, by its name; differences are to the first method."""
    found = by_method(results)
    setting = replace(results[0].cell.setting, replication=1)
    what = about(setting)
    whole = SimulatedYears(
        RESULTS_VERSION,
        what.synthetic_estate,
        __version__,
        SIMULATION_VERSION,
        setting,
        what,
        tuple(found),
        tuple(results),
    )
    return {
        "by-band.csv": by_band_csv(found, what),
        "differences.csv": differences_csv(found, what),
        "results.json": _RESULTS.dump_json(whole, indent=1),
        "housed-on-the-day.svg": simulated_picture(found, what),
    }

"""Study series: scenarios that differ in the size of one change alone: pictures, tables, a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocator.export.table import Cell
from allocator.scenario.file import BASE, ScenarioFile
from allocator.scenario.in_words import called, change_in_words
from allocator.simulate.changes import (
    AnyChange,
    DemandFactor,
    EarlyRelease,
    OpenBeds,
    OutOfServiceRate,
    StayLength,
)
from api.pages.round_numbers import round_numbers
from api.pages.words import counted
from api.wire.study_figures import FigureTold, IntervalTold, OutcomeTold, StudyFigures

DRAWN = ("unmet", "unmet_band_1")
"""The figures that have a picture; the file has all."""
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 330, 230, 44, 26, 44
"""No wider than a phone. Above and below what is drawn, its axes have their words."""
APART = 28
"""Between two labels under a picture, so that neither covers the other."""
HEADINGS = (
    *("change", "size", "size_in", "scenario", "method", "figure", "unit", "years"),
    *("mean", "low", "high", "difference", "difference_low", "difference_high", "synthetic"),
)


@dataclass(frozen=True, slots=True)
class Series:
    """`sizes`: each with the scenario that has it, from the smallest. The base is one of them
    where it has a size. `first`: the change in full, as it is at the first of them in the file.
    """

    words: str
    unit: str
    first: str
    sizes: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """One size in a picture."""

    x: float
    y: float
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Sized:
    """A figure of a series: a row for each size, and a picture for each method."""

    told: FigureTold
    methods: tuple[str, ...]
    rows: tuple[tuple[float, str, tuple[OutcomeTold | None, ...]], ...]
    pictures: tuple[tuple[str, tuple[Dot, ...]], ...]
    lines: tuple[tuple[int, float], ...]
    """Round numbers beside the pictures, and where they stand: one scale for all methods."""


def series_of(file: ScenarioFile, names: Mapping[str, str]) -> list[Series]:
    """Those of two sizes or more besides the base. `names`: of premises, by their ids."""
    found: dict[AnyChange, list[tuple[float, str]]] = {}
    first: dict[AnyChange, AnyChange] = {}
    for scenario in file.scenarios:
        sized = _sized(scenario.changes[0]) if len(scenario.changes) == 1 else None
        if sized is not None:
            size, alike = sized
            found.setdefault(alike, []).append((size, scenario.name))
            first.setdefault(alike, scenario.changes[0])
    return [
        Series(
            *_words(alike, names),
            change_in_words(first[alike], names),
            tuple(sorted([*_of_base(alike), *sizes])),
        )
        for alike, sizes in found.items()
        if len({size for size, _ in sizes}) > 1
    ]


def _sized(change: AnyChange) -> tuple[float, AnyChange] | None:
    """Its size as the form has it, and what it has in common with others; None: it has no size."""
    match change:
        case OpenBeds():
            return change.beds, replace(change, beds=1)
        case DemandFactor() | OutOfServiceRate():
            return round(100 * change.factor, 4), replace(change, factor=1.0)
        case EarlyRelease():
            return round(100 * change.share, 4), replace(change, share=0.0)
        case StayLength():
            return change.nights, replace(change, nights=1)
        case _:
            return None


def _words(alike: AnyChange, names: Mapping[str, str]) -> tuple[str, str]:
    """What is changed, whatever its size, and what a size is in."""
    match alike:
        case OpenBeds():
            return f"Beds more at {called(alike.premises, names)}", "beds"
        case DemandFactor():
            return "More or fewer referrals", "per cent of now"
        case EarlyRelease():
            return f"Release {counted(alike.days, 'day')} earlier", "per cent of those due"
        case StayLength(instead_of=int(nights)):
            return f"Stays in place of {counted(nights, 'night')}", "nights"
        case StayLength():
            return "Stays of everybody", "nights"
        case _:
            return "Beds that break", "per cent of now"


def _of_base(alike: AnyChange) -> list[tuple[float, str]]:
    match alike:
        case OpenBeds() | EarlyRelease():
            return [(0, BASE)]
        case DemandFactor() | OutOfServiceRate():
            return [(100, BASE)]
        case StayLength(instead_of=int(nights)):
            return [(nights, BASE)]
        case _:
            return []


def drawn(series: Series, figures: StudyFigures) -> list[Sized]:
    """The figures that have a picture, where any year has them."""
    found = []
    outcomes = {(each.scenario, each.method): each for each in figures.outcomes}
    methods = tuple(dict.fromkeys(each.method for each in figures.outcomes))
    for told in figures.figures:
        if told.name not in DRAWN:
            continue
        rows = tuple(
            (size, scenario, tuple(outcomes.get((scenario, method)) for method in methods))
            for size, scenario in series.sizes
        )
        every = [each.figures.get(told.name) for _, _, some in rows for each in some if each]
        tops = (each.mean if each.high is None else each.high for each in every if each)
        most = max(tops, default=0.0)
        pictures = tuple(
            (method, tuple(_dots(told.name, [(size, some[n]) for size, _, some in rows], most)))
            for n, method in enumerate(methods)
        )
        lines = tuple((n, _y(n, most)) for n in round_numbers(most))
        found.append(Sized(told, methods, rows, pictures, lines))
    return found


def _dots(
    name: str, some: Sequence[tuple[float, OutcomeTold | None]], most: float
) -> Iterator[Dot]:
    least, width = some[0][0], (some[-1][0] - some[0][0]) or 1
    labelled = float("-inf")
    for size, outcome in some:
        each = None if outcome is None else outcome.figures.get(name)
        if each is None:
            continue
        x = round(LEFT + 14 + (WIDTH - LEFT - 28) * (size - least) / width, 1)
        label = f"{size:g}" if x - labelled >= APART else ""
        labelled = x if label else labelled
        low, high = (each.mean if end is None else end for end in (each.low, each.high))
        yield Dot(x, _y(each.mean, most), _y(max(0.0, low), most), _y(high, most), label)


def _y(value: float, most: float) -> float:
    tall = HEIGHT - BOTTOM
    return round(tall - (tall - TOP) * value / most if most else tall, 1)


def rows_of(every: Sequence[Series], figures: StudyFigures) -> Iterator[tuple[Cell, ...]]:
    """A row of the file for each size, method and figure."""
    outcomes: dict[str, list[OutcomeTold]] = {}
    for each in figures.outcomes:
        outcomes.setdefault(each.scenario, []).append(each)
    synthetic = "estate and people" if figures.synthetic_estate else "people"
    for series in every:
        for size, scenario in series.sizes:
            for each in outcomes.get(scenario, ()):
                for told in figures.figures:
                    yield (
                        *(series.words, size, series.unit, scenario, each.method),
                        *(told.name, told.unit, figures.replications),
                        *_ends(each.figures.get(told.name)),
                        *_ends((each.differences or {}).get(told.name)),
                        synthetic,
                    )


def _ends(each: IntervalTold | None) -> tuple[Any, ...]:
    ends = (None, None, None) if each is None else (each.mean, each.low, each.high)
    return tuple(None if end is None else round(end, 4) for end in ends)

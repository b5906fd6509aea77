"""A study as CSV: results, differences to the base, and the ledger."""

from __future__ import annotations

from allocator.export.table import Cell, csv_bytes
from allocator.scenario.figures import change_of, figures, mean_of
from allocator.scenario.file import BASE
from allocator.scenario.ledger_table import ledger_rows
from allocator.scenario.study import Study
from allocator.simulate.compare import Interval


def results_csv(study: Study) -> bytes:
    """A row for each scenario, method and figure: mean over the years and 95 % interval."""
    rows: list[list[Cell]] = [
        ["scenario", "method", "figure", "unit", "years", "mean", "low", "high", "synthetic"]
    ]
    for (scenario, method), years in study.years.items():
        tallies = study.tallies(scenario, method)
        rows += [
            [
                *(scenario, method, told.name, told.unit, len(years)),
                *cells(mean_of(told, tallies)),
                synthetic_word(study),
            ]
            for told in figures(bands_of(study))
        ]
    return csv_bytes(rows)


def differences_csv(study: Study) -> bytes:
    """Each scenario less the base under the same method, year by year."""
    rows: list[list[Cell]] = [
        [
            *("scenario", "less", "method", "figure", "unit", "years"),
            *("mean", "low", "high", "synthetic"),
        ]
    ]
    for (scenario, method), years in study.years.items():
        if scenario == BASE:
            continue
        ours, theirs = study.tallies(scenario, method), study.tallies(BASE, method)
        rows += [
            [
                *(scenario, BASE, method, told.name, told.unit, len(years)),
                *cells(change_of(told, ours, theirs)),
                synthetic_word(study),
            ]
            for told in figures(bands_of(study))
        ]
    return csv_bytes(rows)


def ledger_csv(study: Study) -> bytes:
    """Unmet people and the nights they asked for, over all years, by kind and cause."""
    rows: list[list[Cell]] = [
        [
            *("scenario", "method", "band", "region", "sex", "ap_type", "cause"),
            *("years", "people", "nights", "synthetic"),
        ]
    ]
    for scenario, method, row in ledger_rows(study):
        rows.append(
            [
                *(scenario, method, row.band, row.region, row.gender, row.ap_type, row.cause),
                *(study.file.replications, row.people, row.nights, synthetic_word(study)),
            ]
        )
    return csv_bytes(rows)


def bands_of(study: Study) -> list[int]:
    """Numbers of the bands that every scenario has: a policy may have fewer."""
    return list(range(1, 1 + min(len(y[0].tally.bands) for y in study.years.values())))


def is_synthetic(study: Study) -> bool:
    """Whether the estate is made up. People who come always are."""
    return study.about.synthetic_estate


def synthetic_word(study: Study) -> str:
    """For a cell: a table that is copied elsewhere still says it."""
    return study.about.synthetic_word


def cells(found: Interval | None) -> list[Cell]:
    """Mean, low and high; empty where there is none."""
    if found is None:
        return ["", "", ""]
    ends = (found.mean, found.low, found.high)
    return ["" if value is None else round(value, 4) for value in ends]

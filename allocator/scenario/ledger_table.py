"""The ledger of a study: unmet people and nights by kind and cause, added up over the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from allocator.scenario.study import Study, Years
from allocator.simulate.cause import Cause
from allocator.simulate.ledger import Unmet

Row = tuple[str, str, Unmet]
"""Scenario, method, and the sum over the years."""


def ledger_rows(study: Study) -> list[Row]:
    """Every row of every scenario and method."""
    return [
        (scenario, method, unmet)
        for (scenario, method), years in study.years.items()
        for unmet in added_up(years)
    ]


def added_up(years: Years) -> list[Unmet]:
    """The ledgers of the years in one."""
    people: Counter[tuple[object, ...]] = Counter()
    nights: Counter[tuple[object, ...]] = Counter()
    first: dict[tuple[object, ...], Unmet] = {}
    for result in years:
        for row in result.ledger:
            key = (row.band, row.region, row.gender, row.ap_type, row.cause)
            first.setdefault(key, row)
            people[key] += row.people
            nights[key] += row.nights
    return [
        Unmet(row.band, row.region, row.gender, row.ap_type, row.cause, people[key], nights[key])
        for key, row in sorted(first.items(), key=lambda each: [str(part) for part in each[0]])
    ]


def by_cause(years: Years, bands: Sequence[int]) -> list[tuple[Cause, dict[int, float], float]]:
    """Each cause with people by band and nights, of one year; causes of nobody are left out."""
    rows = added_up(years)
    found = []
    for cause in Cause:
        own = [row for row in rows if row.cause is cause]
        if own:
            people = {
                band: sum(row.people for row in own if row.band == band) / len(years)
                for band in bands
            }
            found.append((cause, people, sum(row.nights for row in own) / len(years)))
    return found

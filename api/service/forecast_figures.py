"""Forecast figures: how many referrals a forecast expects, by week, band and region.

Counts of people who are yet to come, with the interval that 95 of 100 drawn futures lie in; nobody
of the past is in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from allocator.forecast import Expected, expected, expected_by_region
from allocator.forecast.expected import Range
from api.service.change import Change
from api.service.forecasts import forecast_of
from api.service.kept_answers import KeptAnswers
from api.store.values import Row

WEEKS = 26
PERIODS = (4, 12, 26)
REGION_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """What is expected from a day on; of regions, over `REGION_WEEKS` together.

    `rests_on`: what was kept, pooled or taken from the prior, as (about, kind, words).
    """

    expected: Expected
    regions: Mapping[str, Mapping[int, Range]]
    rests_on: tuple[tuple[str, str, str], ...]


_KEPT: KeptAnswers[Figures] = KeptAnswers()


def figures(change: Change, row: Row) -> Figures:
    """From today on. Raises NotThereError once the forecast has been erased."""
    # Kept as what follows from a plan is: a forecast does not change either.
    kept = {"snapshot": None, "plan": row["document"]}
    connection, today = change.connection, change.today
    return _KEPT.of(connection, kept, lambda: _made(change, row, today), today)


def _made(change: Change, row: Row, first: date) -> Figures:
    forecast = forecast_of(change.connection, row)
    return Figures(
        expected(forecast, first, WEEKS, PERIODS),
        expected_by_region(forecast, first, REGION_WEEKS),
        tuple((each.about, each.kind.value, each.text) for each in forecast.remarks),
    )

"""What a forecast expects: referrals by band over weeks to come, with the intervals they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from allocator.forecast.draw import draw_weights
from allocator.forecast.forecast import Forecast
from allocator.forecast.total import Floats, Total
from allocator.forecast.weekly import WEEK
from allocator.streams import Streams

DRAWS = 4000
"""So many futures: the ends of a 95 % interval are then good to a per cent or two of it."""
ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Range:
    """A mean, and the interval that 95 % of the drawn futures lie in."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Referrals of each band, and of all under band 0. Periods begin at `first`."""

    first: date
    rate: dict[int, Range]
    """Mean referrals a week over all the weeks: how surely the rate is known, without chance."""
    totals: dict[int, dict[int, Range]]
    """Weeks of the period, then band, to the count in it: rate and chance together."""
    weekly: dict[int, tuple[Range, ...]]
    """Band to the count of each week."""


def expected(
    forecast: Forecast,
    first: date,
    weeks: int,
    periods: Sequence[int] = (4, 12, 26),
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Expected:
    """Counts of so many weeks from `first`, and of the periods that end within them."""
    streams = Streams(seed).family("expected")
    bands = _band_weights(forecast, streams, draws)
    means = weekly_means(forecast.total, streams, first, weeks, draws)
    varied = means * forecast.total.shocks(streams("weeks"), means.shape)
    rates = means[:, :, None] * bands[:, None, :]
    counts = streams("counts").poisson(varied[:, :, None] * bands[:, None, :])
    every = np.concatenate([counts.sum(axis=2, keepdims=True), counts], axis=2)
    all_rates = np.concatenate([rates.sum(axis=2, keepdims=True), rates], axis=2)
    numbers = (0, *forecast.bands)
    return Expected(
        first=first,
        rate={b: _range(all_rates[:, :, n].mean(axis=1)) for n, b in enumerate(numbers)},
        totals={
            period: {b: _range(every[:, :period, n].sum(axis=1)) for n, b in enumerate(numbers)}
            for period in periods
            if period <= weeks
        },
        weekly={
            b: tuple(_range(every[:, week, n]) for week in range(weeks))
            for n, b in enumerate(numbers)
        },
    )


def expected_by_region(
    forecast: Forecast, first: date, weeks: int, *, seed: int = 0, draws: int = DRAWS
) -> dict[str, dict[int, Range]]:
    """By region and band, and by 0 for all bands, the count of all these weeks together."""
    streams = Streams(seed).family("expected")
    weights = draw_weights(forecast, streams("shares"), draws)
    means = weekly_means(forecast.total, streams, first, weeks, draws)
    varied = means * forecast.total.shocks(streams("weeks"), means.shape)
    every = varied.sum(axis=1)
    chance = streams("regions")
    found = {}
    for region in sorted({cell.region for cell in forecast.cells}):
        shares = np.zeros((draws, len(forecast.bands)))
        for n, cell in enumerate(forecast.cells):
            if cell.region == region:
                shares[:, cell.band - 1] += weights[:, n]
        counts = chance.poisson(every[:, None] * shares)
        found[region] = {0: _range(counts.sum(axis=1))} | {
            band: _range(counts[:, band - 1]) for band in forecast.bands
        }
    return found


def weekly_means(total: Total, streams: Streams, first: date, weeks: int, draws: int) -> Floats:
    """Means of each week, one row for each drawn rate."""
    days = [first + timedelta(days=n) for n in range(WEEK * weeks)]
    daily = total.daily(days, total.drawn(streams("rate"), draws))
    found: Floats = daily.reshape(draws, weeks, WEEK).sum(axis=2)
    return found


def fitted(forecast: Forecast) -> dict[int, list[float]]:
    """The fitted mean of each past week, by band, and of all under band 0; unscaled."""
    weeks = len(forecast.basis.weekly[0])
    start = forecast.basis.counts_from
    days = [start + timedelta(days=n) for n in range(WEEK * weeks)]
    means = forecast.total.daily(days).reshape(weeks, WEEK).sum(axis=1)
    shares = {0: 1.0} | dict.fromkeys(forecast.bands, 0.0)
    for cell in forecast.cells:
        shares[cell.band] += cell.share
    return {band: [float(mean) * share for mean in means] for band, share in shares.items()}


def _band_weights(forecast: Forecast, streams: Streams, draws: int) -> Floats:
    """Share times scale of each band, one row a draw."""
    weights = draw_weights(forecast, streams("shares"), draws)
    found = np.zeros((draws, len(forecast.bands)))
    for n, cell in enumerate(forecast.cells):
        found[:, cell.band - 1] += weights[:, n]
    return found


def _range(values: Floats) -> Range:
    low, high = np.quantile(values, ENDS)
    return Range(float(values.mean()), float(low), float(high))

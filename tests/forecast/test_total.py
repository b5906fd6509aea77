"""The rate: known ones are found, and what is not in the data is not kept."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from allocator.forecast.expected import weekly_means
from allocator.forecast.fit_total import fit_total
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.total import Total, harmonics
from allocator.forecast.weekly import weeks_of
from allocator.streams import Streams

FIRST = date(2024, 1, 1)
ALIKE = (1 / 7,) * 7


def days_of_referral(
    seed: int, weeks: int, rate: float, swing: float = 0.0, alpha: float = 0.0
) -> list[date]:
    """Days drawn at `rate` a week, with a yearly swing and weeks that vary by α."""
    rng = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(7 * weeks)]
    shocks = rng.gamma(1 / alpha, alpha, weeks) if alpha else np.ones(weeks)
    means = rate / 7 * np.repeat(shocks, 7) * np.exp(swing * harmonics(days)[:, 1])
    counts = rng.poisson(means)
    return [day for day, count in zip(days, counts, strict=True) for _ in range(count)]


def fitted(seed: int, weeks: int, rate: float, **more: float) -> tuple[Total, dict[str, Remark]]:
    until = FIRST + timedelta(days=7 * weeks)
    total, remarks = fit_total(days_of_referral(seed, weeks, rate, **more), FIRST, until)
    return total, {remark.about: remark for remark in remarks}


def test_weeks_are_whole_and_end_where_the_history_does() -> None:
    # 16 days: the first two are in no week.
    until = FIRST + timedelta(days=16)
    weeks = weeks_of([FIRST, FIRST + timedelta(days=2), FIRST + timedelta(days=15)], FIRST, until)
    assert weeks.first == FIRST + timedelta(days=2)
    assert weeks.counts.tolist() == [1, 1]


def test_a_known_rate_is_within_four_standard_errors() -> None:
    total, told = fitted(1, 52, 20.0)
    # 52 weeks at 20: the standard error of the log rate is 1/sqrt(1040) = 0.031, and a whole year
    # says nothing of the season.
    assert total.coefficients[0] == pytest.approx(math.log(20), abs=0.125)
    assert total.covariance[0][0] ** 0.5 == pytest.approx(0.031, abs=0.003)
    assert total.covariance[1][1] == pytest.approx(0.08**2)
    assert total.dispersion == 0 and not total.seasonal
    assert told["season"].kind is Kind.NOT_KEPT and "104 are needed" in told["season"].text


def test_a_season_that_is_there_is_kept() -> None:
    total, told = fitted(2, 156, 60.0, swing=0.25)
    assert told["season"].kind is Kind.KEPT
    assert total.coefficients[1] == pytest.approx(0.25, abs=0.06)
    assert total.coefficients[2] == pytest.approx(0.0, abs=0.06)


def test_a_season_that_is_not_there_is_seldom_kept() -> None:
    kept = sum(fitted(seed, 110, 40.0)[0].seasonal for seed in range(100))
    assert kept <= 4  # 1 in 100 by design: more than 4 would be seen once in 270 times


def test_weeks_that_vary_are_not_taken_for_a_season() -> None:
    kept = sum(fitted(seed, 110, 40.0, alpha=0.1)[0].seasonal for seed in range(100))
    assert kept <= 4


def test_variation_beyond_chance_is_found_and_measured() -> None:
    total, told = fitted(3, 156, 60.0, alpha=0.1)
    assert told["variation beyond chance"].kind is Kind.KEPT
    assert total.dispersion == pytest.approx(0.1, abs=0.04)


def test_poisson_counts_are_seldom_called_varied() -> None:
    kept = sum(fitted(seed, 60, 30.0)[0].dispersion > 0 for seed in range(100))
    assert kept <= 4


def test_days_of_the_week_are_kept_where_they_differ() -> None:
    days = [day for day in days_of_referral(4, 60, 40.0) if day.weekday() < 5]
    total, remarks = fit_total(days, FIRST, FIRST + timedelta(days=420))
    assert total.weekdays[5] < 0.001 and total.weekdays[0] == pytest.approx(0.2, abs=0.03)
    assert fitted(4, 60, 40.0)[0].weekdays == ALIKE
    assert Kind.KEPT in {remark.kind for remark in remarks}


def test_a_short_history_has_its_plain_mean_and_the_priors_variation() -> None:
    total, told = fitted(5, 5, 10.0)
    count = len(days_of_referral(5, 5, 10.0))
    assert math.exp(total.coefficients[0]) == pytest.approx((count + 0.5) / 5)
    assert total.dispersion == 0.02
    assert told["rate"].kind is Kind.PRIOR and "8 weeks are needed" in told["rate"].text


def test_a_rate_that_changed_is_told() -> None:
    end = FIRST + timedelta(days=7 * 60)
    later = [day + timedelta(days=7 * 60) for day in days_of_referral(7, 20, 40.0)]
    days = [*days_of_referral(6, 60, 20.0), *later]
    _, remarks = fit_total(days, FIRST, end + timedelta(days=7 * 20))
    assert "drift" in {remark.about for remark in remarks}
    assert "drift" not in fitted(6, 80, 20.0)[1]


@pytest.mark.parametrize(
    "weeks, alpha, swing",
    [
        (5, 0.0, 0.0),
        (26, 0.0, 0.0),
        (60, 0.0, 0.1),  # a season that is there, and too short a history to look for it
        (60, 0.0, 0.3),
        (120, 0.0, 0.0),
        (120, 0.0, 0.1),
        (120, 0.08, 0.0),
    ],
)
def test_nineteen_in_twenty_futures_lie_in_the_interval(
    weeks: int, alpha: float, swing: float
) -> None:
    """Histories of one process, each with the twelve weeks that came after it."""
    histories, ahead, inside = 200, 12, 0
    for seed in range(histories):
        days = days_of_referral(1000 + seed, weeks + ahead, 30.0, swing, alpha)
        until = FIRST + timedelta(days=7 * weeks)
        total, _ = fit_total([day for day in days if day < until], FIRST, until)
        streams = Streams(seed)
        means = weekly_means(total, streams, until, ahead, 1000)
        drawn = streams("counts").poisson(means * total.shocks(streams("weeks"), means.shape))
        low, high = np.quantile(drawn.sum(axis=1), (0.025, 0.975))
        inside += low <= sum(day >= until for day in days) <= high
    # 95 % of 200 is 190, with a standard deviation of 3.1; four of them below.
    assert inside >= 178


@pytest.mark.parametrize(
    "change",
    [
        {"coefficients": (1.0, 2.0)},
        {"coefficients": (math.nan, 0.0, 0.0)},
        {"covariance": ((1.0, 0.0),)},
        {"dispersion": -0.1},
        {"weekdays": (1.0,) * 7},
    ],
)
def test_numbers_that_are_no_rate_are_refused(change: dict[str, object]) -> None:
    good = {
        "coefficients": (1.0, 0.0, 0.0),
        "covariance": ((0.1, 0.0, 0.0),) * 3,
        "dispersion": 0.0,
        "weekdays": ALIKE,
    }
    with pytest.raises(ValueError):
        Total(**(good | change))  # type: ignore[arg-type]

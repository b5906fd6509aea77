"""The season: whether a yearly wave is kept, and how large one may be that was not.

It is looked for from two years on, by an F test of its two coefficients whose scale allows for
weeks that vary beyond chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import f as f_distribution
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from allocator.forecast import prior
from allocator.forecast.p_value import p_value
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.total import Floats, Three, harmonics
from allocator.forecast.weekly import WEEK, Weeks

YEAR_WEEKS = 52


@dataclass(frozen=True)
class Season:
    """Whether a season was kept; where it was looked for and not kept, what it may still be."""

    kept: bool
    remark: Remark
    covariance: Floats | None = None
    """What the test found b and c to be uncertain by."""
    wave: float = prior.SWING.value**2
    """Variance of b and c where no season was looked for."""


def fit_season(weeks: Weeks) -> Season:
    """The season, kept or not, and why."""
    count, least = len(weeks.counts), prior.SEASON_WEEKS.value
    if count < least:
        wave = _wave(weeks)
        text = (
            f"not looked for: {count} weeks of history, and {least} are needed; the mean follows "
            f"none, and the interval allows for swings of some {math.sqrt(2 * wave):.0%} to each "
            "side"
        )
        return Season(False, Remark(Kind.NOT_KEPT, "season", text), wave=wave)
    plain = GLM(weeks.counts, design_of(weeks, False), family=Poisson()).fit()
    yearly = GLM(weeks.counts, design_of(weeks, True), family=Poisson()).fit()
    spare = count - 3
    scale = max(1.0, float(yearly.pearson_chi2) / spare)
    gain = (float(plain.deviance) - float(yearly.deviance)) / 2 / scale
    chance = float(f_distribution.sf(gain, 2, spare))
    swing = math.hypot(*yearly.params[1:])
    text = (
        f"a swing of {math.expm1(swing):.0%} to each side over the year, F test {p_value(chance)}"
    )
    if chance < prior.SIGNIFICANCE.value:
        return Season(True, Remark(Kind.KEPT, "season", text))
    covariance = scale * np.asarray(yearly.cov_params(), dtype=np.float64)
    text += ": may well be chance; the interval allows for as much as the test could miss"
    return Season(False, Remark(Kind.NOT_KEPT, "season", text), covariance)


def _wave(weeks: Weeks) -> float:
    """The prior's variance of b and c; or what a whole year seems to show, where that is more.

    Whether it will come again one year cannot tell, so it widens the interval alone.
    """
    usual = prior.SWING.value**2
    if len(weeks.counts) < YEAR_WEEKS or not weeks.counts.any():
        return usual
    yearly = GLM(weeks.counts, design_of(weeks, True), family=Poisson()).fit()
    return max(usual, float(yearly.params[1] ** 2 + yearly.params[2] ** 2) / 2)


def design_of(weeks: Weeks, seasonal: bool) -> Floats:
    """One row a week: the mean of its days'."""
    if not len(weeks.counts):
        return np.ones((0, 3))
    rows = harmonics(weeks.days)[:, : 3 if seasonal else 1]
    found: Floats = rows.reshape(len(weeks.counts), WEEK, -1).mean(axis=1)
    return found


def covariance_of(model: Any, season: Season, weeks: Weeks) -> tuple[Three, Three, Three]:
    """The fit's; without a season, with what one may still come to.

    What a test did not find is as large as its own standard error allows; what was not looked for,
    as the prior does.
    """
    found = np.asarray(model.cov_params(), dtype=np.float64)
    if season.kept:
        return _rows(found)
    if season.covariance is None:
        return allowing(float(found[0, 0]), season.wave, design_of(weeks, True).mean(axis=0))
    found = season.covariance.copy()
    found[0, 0] = max(found[0, 0], float(model.cov_params()[0, 0]))
    return _rows(found)


def allowing(variance: float, wave: float, mean: Floats) -> tuple[Three, Three, Three]:
    """The covariance where b and c may be anything with the variance `wave`.

    What the history shows is a + b·mean(cos) + c·mean(sin) over its days, with this variance: the
    more of a year it covers, the less a hangs on the season.
    """
    cos, sin = float(mean[1]), float(mean[2])
    level = variance + wave * (cos**2 + sin**2)
    return (
        (level, -wave * cos, -wave * sin),
        (-wave * cos, wave, 0.0),
        (-wave * sin, 0.0, wave),
    )


def three(values: Any) -> Three:
    """The coefficients; of a fit without a season its two are 0."""
    found = [float(value) for value in values]
    return (found[0], found[1], found[2]) if len(found) == 3 else (found[0], 0.0, 0.0)


def _rows(found: Floats) -> tuple[Three, Three, Three]:
    first, second, third = (three(row) for row in found)
    return first, second, third

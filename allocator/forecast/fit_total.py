"""The rate of all referrals, fitted on weekly counts by a generalised linear model.

In order: days of the week; a season; more variation than chance, by Pearson's χ². Each is kept only
where it would rarely be seen by chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.stats import chi2
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from allocator.forecast import prior
from allocator.forecast.fit_season import allowing, covariance_of, design_of, fit_season, three
from allocator.forecast.fit_weekdays import fit_weekdays
from allocator.forecast.p_value import p_value
from allocator.forecast.remark import RATE, Kind, Remark
from allocator.forecast.total import Floats, Total, harmonics
from allocator.forecast.weekly import WEEK, Weeks, weeks_of

ROUNDS = 10
"""Times that dispersion and rate are fitted in turn; two or three settle it."""


def fit_total(
    referred: Sequence[date], first: date, until: date
) -> tuple[Total, tuple[Remark, ...]]:
    """The rate from the day of each referral made in these days, and what was kept of it."""
    weeks = weeks_of(referred, first, until)
    shares, told = fit_weekdays(weeks, referred)
    season = fit_season(weeks)
    if len(weeks.counts) < prior.ENOUGH_WEEKS.value or weeks.counts.sum() < WEEK:
        count = len(referred)
        # A gamma posterior under Jeffreys' prior, on the log scale.
        level = math.log((count + 0.5) / ((until - first).days / WEEK))
        days = [first + timedelta(days=n) for n in range((until - first).days)]
        total = Total(
            (level, 0.0, 0.0),
            allowing(1 / (count + 0.5), season.wave, harmonics(days).mean(axis=0)),
            prior.DISPERSION.value,
            shares,
        )
        return total, (_short_remark(weeks), season.remark, told)
    model, dispersion, varied = _fit(weeks, season.kept)
    total = Total(
        coefficients=three(model.params),
        covariance=covariance_of(model, season, weeks),
        dispersion=dispersion,
        weekdays=shares,
    )
    return total, (season.remark, varied, told, *_drift(weeks, model, dispersion))


def _short_remark(weeks: Weeks) -> Remark:
    return Remark(
        Kind.PRIOR,
        RATE,
        f"{len(weeks.counts)} whole weeks with {int(weeks.counts.sum())} referrals are too few to "
        f"fit on ({prior.ENOUGH_WEEKS.value} weeks are needed): the plain mean, and as variation "
        f"beyond chance the prior's {prior.DISPERSION.value:g} ({prior.DISPERSION.source})",
    )


def _fit(weeks: Weeks, seasonal: bool) -> tuple[Any, float, Remark]:
    """The model, its dispersion α, and whether the counts vary more than chance makes them."""
    design = design_of(weeks, seasonal)
    model = GLM(weeks.counts, design, family=Poisson()).fit()
    spare = len(weeks.counts) - design.shape[1]
    chance = float(chi2.sf(float(model.pearson_chi2), spare))
    ratio = float(model.pearson_chi2) / spare
    text = f"χ² {ratio:.2f} times its mean under Poisson, {p_value(chance)}"
    if chance >= prior.SIGNIFICANCE.value:
        return model, 0.0, Remark(Kind.NOT_KEPT, "variation beyond chance", f"{text}: Poisson")
    alpha = 0.0
    for _ in range(ROUNDS):
        alpha = max(_alpha(weeks.counts, np.asarray(model.fittedvalues), spare), 1e-6)
        model = GLM(weeks.counts, design, family=NegativeBinomial(alpha=alpha)).fit()
    kept = Remark(
        Kind.KEPT, "variation beyond chance", f"{text}: negative binomial, α = {alpha:.3g}"
    )
    return model, alpha, kept


def _alpha(counts: Any, means: Floats, spare: int) -> float:
    """α by moments: what is left of squared errors, beyond the mean, over the squared means."""
    excess = (counts - means) ** 2 * len(counts) / spare - means
    return float(excess.sum() / (means**2).sum())


def _drift(weeks: Weeks, model: Any, dispersion: float) -> tuple[Remark, ...]:
    """A remark where the last quarter of the history has another rate than what is before it.

    The forecast has no trend: it says so rather than following one.
    """
    cut = 3 * len(weeks.counts) // 4
    means = np.asarray(model.fittedvalues, dtype=np.float64)
    late, fitted = float(weeks.counts[cut:].sum()), float(means[cut:].sum())
    variance = float((means + dispersion * means**2)[cut:].sum())
    # The fit has seen the last quarter too, which takes a quarter of its surprise away.
    z = (late - fitted) / math.sqrt(variance * 0.75)
    if z**2 < chi2.isf(prior.SIGNIFICANCE.value, 1):
        return ()
    return (
        Remark(
            Kind.NOTE,
            "drift",
            f"the last {len(weeks.counts) - cut} weeks had {late:.0f} referrals where the fit has "
            f"{fitted:.0f}: the rate may be changing, or follow a season not kept; the forecast "
            "has no trend",
        ),
    )

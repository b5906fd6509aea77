"""The rate of all referrals, fitted on weekly counts by a generalised linear model.

In order: a season, by an F test of the two harmonics; more variation than chance, by Pearson's χ²;
days of the week, by a χ² test. Each is kept only where it would rarely be seen by chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from scipy.stats import chi2, chisquare
from scipy.stats import f as f_distribution
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from allocator.forecast import prior
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.total import Floats, Total, harmonics
from allocator.forecast.weekly import WEEK, Weeks, weeks_of

ROUNDS = 10
"""Times that dispersion and rate are fitted in turn; two or three settle it."""


def fit_total(
    referred: Sequence[date], first: date, until: date
) -> tuple[Total, tuple[Remark, ...]]:
    """The rate from the day of each referral made in these days, and what was kept of it."""
    weeks = weeks_of(referred, first, until)
    shares, told = _weekdays(weeks, referred)
    if len(weeks.counts) < prior.ENOUGH_WEEKS.value or weeks.counts.sum() < WEEK:
        return _too_short(len(referred), (until - first).days, shares), (_short_remark(weeks), told)
    seasonal, season_told = _season(weeks)
    model, dispersion, varied = _fit(weeks, seasonal)
    total = Total(
        coefficients=tuple(float(value) for value in model.params),
        covariance=tuple(tuple(float(cell) for cell in row) for row in model.cov_params()),
        dispersion=dispersion,
        weekdays=shares,
    )
    drift = _drift(weeks, model, dispersion)
    return total, (season_told, varied, told, *drift)


def _too_short(count: int, days: int, shares: Any) -> Total:
    """The rate of a gamma posterior under Jeffreys' prior, on a log scale."""
    rate = (count + 0.5) / (days / WEEK)
    return Total((math.log(rate),), ((1 / (count + 0.5),),), prior.DISPERSION.value, shares)


def _short_remark(weeks: Weeks) -> Remark:
    return Remark(
        Kind.PRIOR,
        "rate",
        f"{len(weeks.counts)} whole weeks with {int(weeks.counts.sum())} referrals are too few to "
        f"fit on ({prior.ENOUGH_WEEKS.value} weeks are needed): the plain mean, and as variation "
        f"beyond chance the prior's {prior.DISPERSION.value:g} ({prior.DISPERSION.source})",
    )


def _design(weeks: Weeks, seasonal: bool) -> Floats:
    """One row a week: the mean of its days'."""
    rows = harmonics(weeks.days, seasonal)
    found: Floats = rows.reshape(len(weeks.counts), WEEK, -1).mean(axis=1)
    return found


def _season(weeks: Weeks) -> tuple[bool, Remark]:
    count, least = len(weeks.counts), prior.SEASON_WEEKS.value
    if count < least:
        text = f"not looked for: {count} weeks of history, and {least} are needed"
        return False, Remark(Kind.NOT_KEPT, "season", text)
    plain = GLM(weeks.counts, _design(weeks, False), family=Poisson()).fit()
    yearly = GLM(weeks.counts, _design(weeks, True), family=Poisson()).fit()
    spare = count - 3
    scale = max(1.0, float(yearly.pearson_chi2) / spare)
    gain = (float(plain.deviance) - float(yearly.deviance)) / 2 / scale
    chance = float(f_distribution.sf(gain, 2, spare))
    swing = math.hypot(*yearly.params[1:])
    text = f"a swing of {math.expm1(swing):.0%} over the year, F test {_p(chance)}"
    if chance < prior.SIGNIFICANCE.value:
        return True, Remark(Kind.KEPT, "season", text)
    return False, Remark(Kind.NOT_KEPT, "season", f"{text}: may well be chance")


def _fit(weeks: Weeks, seasonal: bool) -> tuple[Any, float, Remark]:
    """The model, its dispersion α, and whether the counts vary more than chance makes them."""
    design = _design(weeks, seasonal)
    model = GLM(weeks.counts, design, family=Poisson()).fit()
    spare = len(weeks.counts) - design.shape[1]
    chance = float(chi2.sf(float(model.pearson_chi2), spare))
    ratio = float(model.pearson_chi2) / spare
    text = f"χ² {ratio:.2f} times its mean under Poisson, {_p(chance)}"
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


def _weekdays(weeks: Weeks, referred: Sequence[date]) -> tuple[Any, Remark]:
    alike = (1 / WEEK,) * WEEK
    days = [day for day in referred if day >= weeks.first]
    counts = np.bincount([day.weekday() for day in days], minlength=WEEK)
    if len(weeks.counts) < prior.ENOUGH_WEEKS.value or counts.sum() < prior.OWN_GROUP.value:
        return alike, Remark(Kind.NOT_KEPT, "days of the week", "too few referrals: all alike")
    chance = float(chisquare(counts).pvalue)
    if chance >= prior.SIGNIFICANCE.value:
        text = f"all alike: a χ² test sees no difference, {_p(chance)}"
        return alike, Remark(Kind.NOT_KEPT, "days of the week", text)
    smooth = (counts + 0.5) / (counts + 0.5).sum()
    text = f"shares of their own, χ² test {_p(chance)}"
    return tuple(float(share) for share in smooth), Remark(Kind.KEPT, "days of the week", text)


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
            f"{fitted:.0f}: the rate may be changing, and the forecast has no trend",
        ),
    )


def _p(chance: float) -> str:
    return "p < 0.0001" if chance < 0.0001 else f"p = {chance:.2g}"

"""How often referrals are withdrawn, nobody comes, stays end early and release dates change.

Each from the referrals of which it is known: withdrawals and changes where the release is past,
arrivals where the file says, early ends where the stay would be over by now had it been full.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.stats import beta

from allocator.forecast import prior
from allocator.forecast.prior import Prior
from allocator.forecast.rate import Outcomes, Rate
from allocator.forecast.remark import Kind, Remark
from allocator.history import History, Past
from allocator.plain_words import percent

POINTS = 101
"""Quantiles kept of a spread: no value of one person is told apart from its neighbours'."""
ENOUGH = prior.OWN_GROUP.value
TAIL = 0.025


def fit_outcomes(history: History) -> tuple[Outcomes, tuple[Remark, ...]]:
    """Every rate and spread, and what the prior had to stand in for."""
    people = history.people
    followed = [past for past in people if past.followed]
    withdrawn = [past for past in followed if past.coming.withdrawn_on is not None]
    arrivals = [past for past in people if past.arrival_known]
    absent = [past for past in arrivals if not past.coming.arrives]
    stays = [past for past in people if past.stay_known and past.coming.arrives]
    early = [past for past in stays if past.coming.nights < past.coming.referral.nights]
    told = followed if history.changes_known else []
    changed = [past for past in told if past.coming.changed_on is not None]
    rates = {
        "withdrawals": _rate(len(withdrawn), len(followed), prior.WITHDRAWN),
        "non-arrivals": _rate(len(absent), len(arrivals), prior.NOT_ARRIVING),
        "early ends": _rate(len(early), len(stays), prior.EARLY),
        "changes of the release date": _rate(len(changed), len(told), prior.CHANGED),
    }
    outcomes = Outcomes(
        withdrawn=rates["withdrawals"],
        withdrawn_at=_quantiles([_passed(past, past.coming.withdrawn_on) for past in withdrawn]),
        not_arriving=rates["non-arrivals"],
        early=rates["early ends"],
        early_at=_quantiles([past.coming.nights / past.coming.referral.nights for past in early]),
        changed=rates["changes of the release date"],
        changed_at=_quantiles([_passed(past, past.coming.changed_on) for past in changed]),
        changed_by=_quantiles([_days_later(past) for past in changed], (0.0,)),
    )
    return outcomes, tuple(_remark(about, rate) for about, rate in rates.items())


def _rate(hits: int, count: int, usual: Prior[float]) -> Rate:
    """Of 50 people or more, their share with Jeffreys' interval; else the prior's, of any width."""
    if count < ENOUGH:
        return Rate(usual.value, 0.0, 1.0, 0)
    low = float(beta.ppf(TAIL, hits + 0.5, count - hits + 0.5)) if hits else 0.0
    high = float(beta.isf(TAIL, hits + 0.5, count - hits + 0.5)) if hits < count else 1.0
    return Rate(hits / count, low, high, count)


def _passed(past: Past, day: date | None) -> float:
    """The share of the days of notice that have passed on a day."""
    assert day is not None  # those counted have one
    coming = past.coming
    notice = (coming.referral.release_date - coming.referred_on).days
    return min(1.0, ((day - coming.referred_on).days + 0.5) / (notice + 1))


def _days_later(past: Past) -> float:
    coming = past.coming
    assert coming.changed_release is not None  # those counted have one
    return float((coming.changed_release - coming.referral.release_date).days)


def _quantiles(
    values: Sequence[float], otherwise: tuple[float, ...] = prior.EVENLY
) -> tuple[float, ...]:
    """Quantiles of enough values, to four decimals; else the prior's."""
    if len(values) < ENOUGH:
        return otherwise
    found = np.quantile(np.array(values), np.linspace(0, 1, POINTS))
    return tuple(round(float(value), 4) for value in found)


def _remark(about: str, rate: Rate) -> Remark:
    if rate.counted:
        text = (
            f"{percent(rate.value, 1)}% of {rate.counted:,} whose outcome is known "
            f"(95 %: {percent(rate.low, 1)}% to {percent(rate.high, 1)}%)"
        )
        return Remark(Kind.KEPT, about, text)
    text = (
        f"fewer than {ENOUGH} outcomes are known: the prior's {percent(rate.value)}% ({prior.OURS})"
    )
    return Remark(Kind.PRIOR, about, text)

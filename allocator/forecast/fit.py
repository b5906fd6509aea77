"""From history to forecast."""

from __future__ import annotations

from datetime import date

from allocator.errors import AllocatorError
from allocator.forecast import prior
from allocator.forecast.fit_cells import fit_cells
from allocator.forecast.fit_donors import fit_donors, fit_homes
from allocator.forecast.fit_known import fit_known
from allocator.forecast.fit_outcomes import fit_outcomes
from allocator.forecast.fit_shapes import fit_nights, fit_notice
from allocator.forecast.fit_total import fit_total
from allocator.forecast.forecast import Basis, Forecast
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.weekly import weeks_of
from allocator.history import History
from allocator.policy import Policy

FRESH_DAYS = 28
"""Days between history and forecast that need no remark."""


class NothingToForecastFrom(AllocatorError):  # noqa: N818
    """The history holds nobody on the days that it covers."""


def fit(history: History, policy: Policy, as_of: date) -> Forecast:
    """The forecast, with a remark for everything kept, left out, pooled or taken from the prior.

    Raises NothingToForecastFrom when nobody was referred on the days covered.
    """
    covered = [past.coming for past in history.covered]
    if not covered:
        raise NothingToForecastFrom(
            f"nobody was referred from {history.first} to before {history.until}: there is "
            "nothing to forecast from"
        )
    everybody = [past.coming for past in history.people]
    total, about_total = fit_total(
        [each.referred_on for each in covered], history.first, history.until
    )
    cells, about_cells = fit_cells([each.referral for each in covered], policy)
    # Of days covered alone: beside them a report has more of those with long notice, or of short.
    notice, about_notice = fit_notice(covered, policy)
    nights, about_nights = fit_nights(everybody, policy)
    outcomes, about_outcomes = fit_outcomes(history)
    donors, about_donors = fit_donors([each.referral for each in everybody], policy)
    enough = len(covered) >= prior.ENOUGH_PEOPLE.value
    weeks = [
        weeks_of(
            [each.referred_on for each in covered if policy.band_of(each.referral) == band.number],
            history.first,
            history.until,
        )
        for band in policy.bands
    ]
    return Forecast(
        basis=Basis(
            as_of=as_of,
            policy_name=policy.name,
            policy_digest=policy.digest,
            first=history.first,
            until=history.until,
            referrals=len(covered),
            counts_from=weeks[0].first,
            weekly=tuple(tuple(int(count) for count in each.counts) for each in weeks),
            synthetic=history.synthetic,
        ),
        total=total,
        cells=cells,
        sure_of=len(covered) + (0 if enough else prior.WEIGHT.value),
        notice=notice,
        nights=nights,
        outcomes=outcomes,
        donors=donors,
        homes=fit_homes([each.referral for each in everybody]),
        remarks=(
            *fit_known(history, [each.referral for each in covered]),
            *_age(history, as_of),
            *about_total,
            *about_cells,
            *about_notice,
            *about_nights,
            *about_outcomes,
            *about_donors,
        ),
    )


def _age(history: History, as_of: date) -> tuple[Remark, ...]:
    """A remark where the newest days are in no count."""
    gap = (as_of - history.until).days
    if gap <= FRESH_DAYS:
        return ()
    text = f"it ends {gap} days before the forecast begins: what has changed since is not in it"
    return (Remark(Kind.NOTE, "history", text),)

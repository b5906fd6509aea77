"""What comes of synthetic referrals: withdrawals, people who do not come, early ends, new dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from allocator.coming import Coming
from allocator.generate import defaults
from allocator.generate.draws import whole, yes
from allocator.referral import Referral
from allocator.streams import Streams


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """How often each outcome is. The swept values of a test; else the defaults."""

    withdrawn: float = field(default=defaults.WITHDRAWN.value)
    not_arriving: float = field(default=defaults.NOT_ARRIVING.value)
    early_ends: float = field(default=defaults.EARLY_ENDS.value)
    changed: float = field(default=defaults.RELEASE_CHANGED.value[0])

    @property
    def nights_slept(self) -> float:
        """Nights slept for each night asked for, were everyone placed who is not withdrawn.

        A stay that ends early ends after 1 to nights - 1 nights: half of them in the mean.
        """
        return (1 - self.withdrawn) * (1 - self.not_arriving) * (1 - self.early_ends / 2)


def with_outcomes(
    referrals: list[Referral], referred: list[date], rates: OutcomeRates, streams: Streams
) -> list[Coming]:
    """Each referral with the day it was made and what comes of it."""
    count = len(referrals)
    withdrawn = yes(streams, "outcome/withdrawn", rates.withdrawn, count)
    withdrawal = streams("outcome/withdrawal").random(count)
    absent = yes(streams, "outcome/absent", rates.not_arriving, count)
    early = yes(streams, "outcome/early", rates.early_ends, count)
    slept = streams("outcome/slept").random(count)
    changed = yes(streams, "outcome/changed", rates.changed, count)
    change = streams("outcome/change").random(count)
    _, least, most = defaults.RELEASE_CHANGED.value
    later = whole(streams, "outcome/later", least, most, count)
    found = []
    for n, (referral, day) in enumerate(zip(referrals, referred, strict=True)):
        notice = (referral.release_date - day).days
        taken_back = day + timedelta(days=int(withdrawal[n] * (notice + 1)))
        told = day + timedelta(days=int(change[n] * (notice + 1)))
        # Nobody can be told today of a release yesterday.
        release = max(told, referral.release_date + timedelta(days=later[n]))
        moves = (
            changed[n]
            and release != referral.release_date
            and not (withdrawn[n] and taken_back <= told)
        )
        shorter = early[n] and referral.nights > 1
        found.append(
            Coming(
                referred_on=day,
                referral=referral,
                arrives=not absent[n],
                nights_slept=1 + int(slept[n] * (referral.nights - 1)) if shorter else None,
                withdrawn_on=taken_back if withdrawn[n] else None,
                changed_on=told if moves else None,
                changed_release=release if moves else None,
            )
        )
    return found

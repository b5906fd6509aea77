"""How many synthetic referrals are made a day, so that demand is `load` times what the beds hold.

    rate = load × beds in service / mean nights slept a referral made        (referrals a day)

where beds in service = beds × (1 − share out of service), and mean nights slept = mean nights asked
for × (1 − withdrawn) × (1 − not arriving) × (1 − early ends / 2). By Little's law a load of 1 is as
many people as would fill every bed in service, were each in a bed from arrival to departure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.generate import defaults
from allocator.generate.options import Options
from allocator.generate.outcomes import OutcomeRates
from allocator.vocabulary import ApType, Gender

DAYS_A_YEAR = 365.25


def mean_rate(
    options: Options,
    there: frozenset[tuple[Gender, ApType]],
    usual: Mapping[ApType, int],
    outcomes: OutcomeRates,
) -> float:
    """Referrals a day in the mean over whole weeks and years."""
    out, _ = defaults.OUT_OF_SERVICE.value
    slept = mean_nights(there, usual) * outcomes.nights_slept
    return options.load * options.beds * (1 - out) / slept


def mean_nights(there: frozenset[tuple[Gender, ApType]], usual: Mapping[ApType, int]) -> float:
    """Nights asked for in the mean; who asks for a type that is not there asks for standard."""
    others = defaults.OTHER_NIGHTS.value
    standard = sum(nights * share for nights, share in others)
    standard += usual[ApType.NORMAL] * (1 - sum(share for _, share in others))
    women = defaults.WOMENS_PREMISES.value
    mean = standard
    for gender, people in ((Gender.WOMAN, women), (Gender.MAN, 1 - women)):
        for kind, share in defaults.REQUESTED_TYPES.value.items():
            if (gender, kind) in there:
                mean += people * share * (usual[kind] - standard)
    return mean


def season(days: list[date], swing: float) -> NDArray[np.float64]:
    """Each day's rate as a multiple of the mean rate: day of the week, times day of the year."""
    _, peak = defaults.SEASON.value
    week = [7 * share for share in defaults.WEEKDAYS.value]
    return np.array(
        [
            week[day.weekday()]
            * (1 + swing * math.cos(math.tau * (day.timetuple().tm_yday - peak) / DAYS_A_YEAR))
            for day in days
        ],
        dtype=np.float64,
    )

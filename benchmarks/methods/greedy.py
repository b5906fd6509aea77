"""One person at a time: first come first served, and highest risk first with best-fit beds.

Neither looks ahead. Both obey every rule, and both start from the same seats of the bookings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from allocator.plan import Plan
from allocator.referral import Referral
from allocator.rules import needs
from benchmarks.methods.as_plan import as_plan
from benchmarks.methods.ledger import Ledger
from benchmarks.methods.seating import seat
from benchmarks.methods.situation import Situation

Days = NDArray[np.int64]
Ranking = Callable[[Situation, Ledger, Referral, Days, Days], tuple[Days, ...]]
"""Keys of the open (bed, arrival) choices, the most important first; small is good."""


def first_come_first_served(situation: Situation) -> Plan:
    """In order of referral number, the earliest arrival, then the nearest lawful empty bed."""
    order = sorted(situation.problem.referrals, key=lambda r: r.id)
    return _one_at_a_time(situation, order, nearest_first, "first come first served")


def risk_order_best_fit(situation: Situation) -> Plan:
    """By band, urgency and release date; the earliest arrival, then the bed that fits best."""
    policy, as_of = situation.policy, situation.problem.as_of
    order = sorted(
        situation.problem.referrals,
        key=lambda r: (policy.band_of(r), -policy.urgency(r, as_of), r.release_date, r.id),
    )
    return _one_at_a_time(situation, order, best_fit, "risk order, best fit")


def nearest_first(
    situation: Situation, ledger: Ledger, referral: Referral, beds: Days, days: Days
) -> tuple[Days, ...]:
    """Earliest, then nearest."""
    return days, situation.tenths[referral.id][situation.site_of_bed[beds]], beds


def best_fit(
    situation: Situation, ledger: Ledger, referral: Referral, beds: Days, days: Days
) -> tuple[Days, ...]:
    """Earliest, then fewest idle nights left beside the stay, fewest features wasted, nearest."""
    idle = ledger.idle_beside(beds, days, referral.nights)
    wasted = _wasted(situation, referral, beds)
    return days, idle, wasted, situation.tenths[referral.id][situation.site_of_bed[beds]], beds


def _one_at_a_time(
    situation: Situation, order: Iterable[Referral], ranking: Ranking, effort: str
) -> Plan:
    seats = seat(situation)
    ledger = Ledger(situation, seats)
    placed: dict[str, tuple[str, int]] = {}
    for referral in order:
        beds, days = ledger.open_starts(referral)
        keys = ranking(situation, ledger, referral, beds, days)
        for n in np.lexsort(keys[::-1]):
            bed, day = int(beds[n]), int(days[n])
            if ledger.takes(referral, bed, day):
                ledger.place(referral, bed, day)
                placed[referral.id] = (situation.beds[bed], day)
                break
    return as_plan(situation, seats, placed, effort=effort)


def _wasted(situation: Situation, referral: Referral, beds: Days) -> Days:
    """Scarce features of each bed that the person does not need."""
    needed = referral.essential | needs.of_room(referral.possible_offences)
    spare = np.array([c not in needed for c in situation.policy.scarce_features], dtype=np.bool_)
    wasted: Days = situation.scarce[beds][:, spare].sum(axis=1)
    return wasted

"""The process behind synthetic years: who is referred from day to day, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from allocator.coming import Coming
from allocator.estate import Premises
from allocator.generate import defaults
from allocator.generate.homes import homes_by_chance
from allocator.generate.names import crns
from allocator.generate.options import Options
from allocator.generate.outcomes import OutcomeRates, with_outcomes
from allocator.generate.rate import mean_rate, season
from allocator.generate.referrals import (
    Asking,
    genders_of_people,
    referrals_of,
    requested_types,
    types_there,
)
from allocator.generate.timing import timings_from
from allocator.policy import Policy
from allocator.streams import Streams
from allocator.vocabulary import ApType


@dataclass(frozen=True, slots=True)
class TrueDemand:
    """The true process: a Poisson number of referrals each day, at a rate that follows the load.

    The formula of the rate is in `allocator.generate.rate`. Implements `Demand`.
    """

    options: Options
    premises: tuple[Premises, ...]
    policy: Policy | None = None
    """Whose nights are asked for, by AP type; None: the generator's own."""
    swing: float = defaults.SEASON.value[0]
    """Of the daily rate over the year, as a share of its mean; 0: none."""
    outcomes: OutcomeRates = field(default_factory=OutcomeRates)

    def __post_init__(self) -> None:
        if not 0 <= self.swing <= 1:
            raise ValueError(f"swing must be from 0 to 1, not {self.swing}")

    @property
    def rate(self) -> float:
        """Referrals made a day, in the mean over whole weeks and years."""
        there = types_there(self.premises)
        return mean_rate(self.options, there, self._usual_nights, self.outcomes)

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        """Everyone referred from `first` to the day before `until`, in order of that day."""
        # A family of their own: else the year's people would be those of the list again.
        own = streams.family("true demand")
        referred = self._days_of_referral(own, first, until)
        count = len(referred)
        genders = genders_of_people(own, count)
        ap_types = requested_types(genders, self.premises, own)
        asking = Asking(
            genders=genders,
            ap_types=ap_types,
            when=timings_from(self.options, referred, ap_types, self._usual_nights, own),
            where=homes_by_chance(self.options, own, count),
            attempts=[0] * count,
        )
        ids = [f"Y{number:06d}" for number in range(1, count + 1)]
        numbers = crns(own("people/crn"), count, letter="Y")
        referrals = referrals_of(asking, ids, numbers, self.premises, own)
        return tuple(with_outcomes(referrals, referred, self.outcomes, own))

    @property
    def _usual_nights(self) -> dict[ApType, int]:
        if self.policy is not None:
            return self.policy.default_nights
        return dict(defaults.NIGHTS.value)

    def _days_of_referral(self, streams: Streams, first: date, until: date) -> list[date]:
        """The day of each referral, in order."""
        days = [first + timedelta(days=n) for n in range((until - first).days)]
        rates = self.rate * season(days, self.swing)
        counts = streams("referrals").poisson(rates)
        return [day for day, count in zip(days, counts, strict=True) for _ in range(count)]

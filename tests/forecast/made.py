"""Histories and forecasts that the tests share: a known process, and what is fitted to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from allocator.coming import Coming
from allocator.forecast import Forecast
from allocator.forecast.fit import fit
from allocator.generate import SIZES, Options, TrueDemand, generate
from allocator.history import History, Past
from allocator.policy import load_policy
from allocator.streams import Streams

POLICY = load_policy()
AS_OF = date(2026, 11, 2)


@cache
def truth(size: str = "M") -> TrueDemand:
    """The process that a history of the tests is drawn from."""
    return TrueDemand(Options(SIZES[size]), generate(size, 1).premises)


def history_of(people: Iterable[Coming], first: date, until: date) -> History:
    """The people as a history in which everything that happened before `until` is known."""
    return History(tuple(_past(each, until) for each in people), first, until, True, True)


def _past(coming: Coming, known_on: date) -> Past:
    release = coming.changed_release or coming.referral.release_date
    came = release < known_on and coming.withdrawn_on is None
    over = release + timedelta(days=coming.referral.nights) <= known_on
    return Past(coming, came, came and over, release < known_on)


@cache
def two_years(size: str = "M", seed: int = 1, days: int = 731) -> History:
    """History of the true process up to AS_OF."""
    first = AS_OF - timedelta(days=days)
    return history_of(truth(size).people(Streams(seed), first, AS_OF), first, AS_OF)


@cache
def forecast(size: str = "M", seed: int = 1, days: int = 731) -> Forecast:
    """What is fitted to it."""
    return fit(two_years(size, seed, days), POLICY, AS_OF)


def told(found: Forecast, about: str) -> str:
    """Kinds and words of the remarks about one thing."""
    return "; ".join(f"{r.kind}: {r.text}" for r in found.remarks if r.about == about)

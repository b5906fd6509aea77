"""Cautions: what should make one think twice about a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from allocator.plain_words import counted

STALE_DAYS = 42
"""History that ends so long ago has missed a whole wave of referrals: see docs/service.md."""
FEW_REFERRALS = 100
"""With fewer, most of what is said by band, region and month is the prior."""


def cautions(history_until: date, referrals: int, day: date) -> Iterator[tuple[str, str]]:
    """Codes, and words, of what speaks against using a forecast on a day."""
    old = (day - history_until).days
    if old > STALE_DAYS:
        yield "stale", f"Its history ends {old} days ago: make it again from newer files."
    if referrals < FEW_REFERRALS:
        rests = counted(referrals, "referral")
        yield "few", f"It rests on {rests}: most of what it says is a prior and was never counted."

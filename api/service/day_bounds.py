"""Day bounds: how long a stay may be, and from when somebody may come or be said to have come.

Each night is a row: a mistyped year would be tens of thousands, of which every plan takes account.
"""

from __future__ import annotations

from datetime import date, timedelta

from allocator.nights import Stay
from api.service.refusals import InvalidError

LONGEST_NIGHTS = 1_000
"""As many as a bid may ask for."""
DAYS_BACK = 31
"""Before the booked arrival, or before today where that is sooner."""


def require_length(stay: Stay) -> None:
    """Raise InvalidError for a stay longer than any real one."""
    if stay.nights > LONGEST_NIGHTS:
        raise InvalidError(
            f"a stay has at most {LONGEST_NIGHTS:,} nights, and this one has {stay.nights:,}",
            code="too-long",
        )


def require_recent(day: date, booked: date, today: date) -> None:
    """Raise InvalidError for an arrival longer ago than anybody can have forgotten to record."""
    first = min(booked, today) - timedelta(days=DAYS_BACK)
    if day < first:
        raise InvalidError(f"the arrival must be on or after {first}", code="too-long-ago")


def require_released(arrival: date, release: date) -> None:
    """Raise InvalidError for an arrival before the release."""
    if arrival < release:
        text = f"the arrival, {arrival}, is before the release, {release}"
        raise InvalidError(text, code="before-release")

"""Clock: what time it is, and which day it is in London. Tests give another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from allocator.ingest import today


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` gives the moment, in UTC."""

    now: Callable[[], datetime] = _now

    def today(self) -> date:
        """The day in London, whatever the machine's time zone."""
        return today(self.now())

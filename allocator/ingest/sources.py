"""Which files a problem is read from, and what comes of reading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from allocator.ingest.complaints import Complaint
from allocator.problem import Note, Problem


def today(now: datetime | None = None) -> date:
    """Today in London, whatever the machine's time zone; `now` must know its own."""
    return (now or datetime.now(UTC)).astimezone(ZoneInfo("Europe/London")).date()


@dataclass(frozen=True, slots=True)
class Sources:
    """Files by what they hold, and how to read them. `overstay_nights` None: the policy's."""

    as_of: date
    premises: Path | None = None
    rooms: Path | None = None
    referrals: tuple[Path, ...] = ()
    placements: Path | None = None
    out_of_service: tuple[Path, ...] = ()
    separations: Path | None = None
    zones: tuple[Path, ...] = ()
    restrictions: Path | None = None
    outcodes: Path | None = None
    overstay_nights: int | None = None
    skip_bad_rows: bool = False
    notes: tuple[Note, ...] = ()
    """What was found where the files were looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A problem, or the complaints that stand in its way. `left_out`: complaints passed over."""

    problem: Problem | None
    complaints: tuple[Complaint, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: tuple[Complaint, ...] = ()

"""Breakages: beds that go out of service without notice, and come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.generate import defaults
from allocator.streams import Streams


@dataclass(frozen=True, slots=True)
class Breakage:
    """A bed that cannot be used from day `first` to the day before `end`, told on `first`."""

    bed_id: str
    first: int
    end: int


def breakages(
    beds: tuple[str, ...], first: date, days: int, streams: Streams, factor: float = 1.0
) -> tuple[Breakage, ...]:
    """Each bed breaks at a constant rate, so that the generator's share of beds is out at a time.

    Lengths are the generator's too. `factor`: so many times as often. In order of day.
    """
    if factor == 0:
        return ()
    share, _ = defaults.OUT_OF_SERVICE.value
    least, most = defaults.OUT_OF_SERVICE_DAYS.value
    mean = (least + most) / 2
    # In service for a mean of m days and out for L: the share out is L / (m + L).
    in_service = mean * (1 - share) / share / factor
    found = []
    for bed in sorted(beds):
        rng = streams(f"breakages/{bed}")
        day = 0.0
        while True:
            day += float(rng.exponential(in_service))
            if day >= days:
                break
            length = int(rng.integers(least, most + 1))
            start = max(1, int(day))
            found.append(Breakage(bed, start, start + length))
            day += length
    return tuple(sorted(found, key=lambda each: (each.first, each.bed_id)))

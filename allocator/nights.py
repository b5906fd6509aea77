"""Nights: the one way this product counts time in a bed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.closed import CLOSED


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """A half-open run of nights: the night of `arrival` up to the night before `departure`.

    A bed left on a day can be taken on that day. Raises ValueError for a stay of no nights.
    """

    __pydantic_config__ = CLOSED

    arrival: date
    departure: date

    def __post_init__(self) -> None:
        if self.departure <= self.arrival:
            raise ValueError(f"a stay must end after it starts: {self.arrival} to {self.departure}")

    @classmethod
    def of(cls, arrival: date, nights: int) -> Stay:
        """The stay of so many nights from `arrival`; departure = arrival + nights."""
        return cls(arrival, arrival + timedelta(days=nights))

    @property
    def nights(self) -> int:
        """How many nights are slept."""
        return (self.departure - self.arrival).days

    def contains(self, night: date) -> bool:
        """Whether the night that begins on this date is part of the stay."""
        return self.arrival <= night < self.departure

    def meets(self, other: Stay) -> bool:
        """Whether the two stays have a night in common; same-day turnover has none."""
        return self.arrival < other.departure and other.arrival < self.departure

    def common(self, other: Stay) -> Stay | None:
        """The nights both have, or None."""
        arrival = max(self.arrival, other.arrival)
        departure = min(self.departure, other.departure)
        return Stay(arrival, departure) if arrival < departure else None

    def __iter__(self) -> Iterator[date]:
        for day in range(self.nights):
            yield self.arrival + timedelta(days=day)

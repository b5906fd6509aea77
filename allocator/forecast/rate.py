"""Rates: how often something comes of a referral, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED


@dataclass(frozen=True, slots=True)
class Rate:
    """A share from 0 to 1, with the ends of its 95 % interval. Raises ValueError for another."""

    __pydantic_config__ = CLOSED

    value: float
    low: float
    high: float
    counted: int
    """People of the history whose outcome is known, on whom it rests; 0: the prior's."""

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high <= 1 or self.counted < 0:
            raise ValueError("a rate is from 0 to 1 and in its interval")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What may come of a referral: how often, and when.

    The `…_at` hold quantiles at even steps from the least to the greatest, drawn from in a line
    between them. Raises ValueError when one is empty.
    """

    __pydantic_config__ = CLOSED

    withdrawn: Rate
    withdrawn_at: tuple[float, ...]
    """Share of the days of notice that have passed."""
    not_arriving: Rate
    early: Rate
    early_at: tuple[float, ...]
    """Share of the nights asked for that are slept."""
    changed: Rate
    changed_at: tuple[float, ...]
    """Share of the days of notice that have passed when another release date is told."""
    changed_by: tuple[float, ...]
    """Days later that it is; below 0: earlier."""

    def __post_init__(self) -> None:
        for shares in (self.withdrawn_at, self.early_at, self.changed_at):
            if not shares or min(shares) < 0 or max(shares) > 1:
                raise ValueError("shares of notice and nights are from 0 to 1")
        if not self.changed_by or not all(abs(days) < 4000 for days in self.changed_by):
            raise ValueError("a release changes by days, fewer than 4000")

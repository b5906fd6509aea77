"""Imported: what an import did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Imported:
    """How many records of each kind are new or changed, and what could not be held."""

    recorded: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    surplus: list[str] = field(default_factory=list)
    """Bookings that no bed can hold: kept, listed, and without nights. Their bids are open."""
    in_conflict: list[str] = field(default_factory=list)
    """Out-of-service records for nights on which somebody is booked in the bed."""
    holds_shrunk: list[str] = field(default_factory=list)
    """Holds that gave up nights to somebody whom the files book there."""
    changed_bids: list[str] = field(default_factory=list)
    """Referrals of which the files said something else: what, their events hold."""
    closed: list[str] = field(default_factory=list)
    """Referrals that were left as they are: their bids are closed."""


def as_numbers(done: Imported) -> dict[str, Any]:
    """What was done, as numbers and ids of records."""
    return {
        "recorded": dict(done.recorded),
        "changed": dict(done.changed),
        "changed_referrals": done.changed_bids,
        "surplus": done.surplus,
        "in_conflict": done.in_conflict,
        "left_closed": done.closed,
        "holds_shrunk": done.holds_shrunk,
    }

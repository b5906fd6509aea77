"""Way: options of one party that differ only in the bed and the day of arrival."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.booking import Booking
from allocator.check.nights_axis import Flags, Numbers
from allocator.held import NO_BAND
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute


@dataclass(frozen=True)
class Way:
    """Every bed of some kinds, from every arrival, where the bed has the nights.

    `arrivals` and `departures` are days after the plan's date. Before night `alone_from` the
    party takes its own bed, from then on every other free bed of the room too.
    """

    party: Referral | Booking
    moved: bool
    kinds: Numbers
    """Numbers of the kinds of bed, ascending."""
    arrivals: Numbers
    departures: Numbers
    alone_from: int
    company: frozenset[str] | None = None
    """What bears on whom the party may share with; None: it is not new at the premises."""
    apart: Flags | None = None
    """Arrivals that a separation forbids, a row for each premises; None: it forbids none."""
    band: int = NO_BAND
    """Nights held for bands above this one are not to be had."""
    counted_as: frozenset[MixAttribute] = frozenset()
    """What resident-mix caps count the party as, where it is new."""

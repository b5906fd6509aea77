"""What a certificate's limits come to: free nights of beds, and the limits of its sides.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocator.booking import Booking
from allocator.check.arrivals_per_day import limit_of
from allocator.check.facts import Facts
from allocator.check.nights_axis import Axis, Flags, Numbers
from allocator.check.prices import Prices
from allocator.nights import Stay
from allocator.vocabulary import MixAttribute


def free_nights(facts: Facts, axis: Axis) -> Flags:
    """Whether each bed is usable and not blocked, a row of nights for each bed."""
    found = np.ones((len(facts.problem.beds), axis.nights), dtype=np.bool_)
    for row, bed in zip(found, facts.problem.beds, strict=True):
        if bed.starts is not None:
            row[: axis.clip(bed.starts)] = False
        if bed.ends is not None:
            row[axis.clip(bed.ends) :] = False
        for record in facts.problem.out_of_service_by_bed.get(bed.id, ()):
            row[axis.span(record.nights)] = False
        for booking in facts.settled_by_bed.get(bed.id, ()):
            row[axis.span(booking.stay)] = False
    return found


def capacity(prices: Prices, free: Flags) -> int:
    """Σ over free nights of beds of price + Σ over sides of limit · price."""
    of_beds = sum(int(row.sum()) for row in np.where(free, prices.beds, 0))
    of_sides = sum(
        int(limit) * int(price)
        for limits, row in _sides(prices)
        for limit, price in zip(limits.tolist(), row.tolist(), strict=True)
        if price
    )
    return of_beds + of_sides


def _sides(prices: Prices) -> Iterator[tuple[Numbers, Numbers]]:
    """The limit and the price of each night, for each side."""
    facts, axis = prices.facts, prices.axis
    for (premises_id, attribute), row in prices.mix.items():
        yield _mix_limit(premises_id, attribute, facts, axis), row
    for premises_id, row in prices.arrivals.items():
        yield _arrivals_limit(premises_id, facts, axis), row


def _mix_limit(premises_id: str, attribute: MixAttribute, facts: Facts, axis: Axis) -> Numbers:
    caps = facts.problem.premises_by_id[premises_id].mix_caps
    limit = min(cap.limit for cap in caps if cap.attribute is attribute)
    counted = [
        booking.stay
        for booking in _bookings_at(premises_id, facts)
        if facts.person_of(booking).has(attribute, facts.policy)
    ]
    return np.maximum(0, limit - axis.count(counted))


def _arrivals_limit(premises_id: str, facts: Facts, axis: Axis) -> Numbers:
    limit = limit_of(facts.problem.premises_by_id[premises_id], facts.policy)
    arrivals = [Stay.of(b.stay.arrival, 1) for b in _bookings_at(premises_id, facts)]
    return np.maximum(0, (limit or 0) - axis.count(arrivals))


def _bookings_at(premises_id: str, facts: Facts) -> Iterator[Booking]:
    return (b for b in facts.bookings if b.premises_id == premises_id)

"""Start: a lawful choice for everybody, made in order of priority with beds that fit best."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.model import Model

Floats = npt.NDArray[np.float64]


def start(model: Model) -> Assignment:
    """Bookings first, then referrals by band and urgency, each in the bed least asked for."""
    assignment = Assignment(model.stock, model.options, model.parties, model.limits)
    asked = _asked_for(model)
    for party in _in_order(model):
        span = model.options.of(party)
        worth = -asked[model.options.pool[span]] - 1e3 * model.options.arrival[span]
        if not model.parties[party].is_new:
            worth = worth + 1e6 * _suits(model, party)
        assignment.place(party, worth)
    return assignment


def _in_order(model: Model) -> list[int]:
    as_of = model.problem.as_of

    def precedence(index: int) -> tuple[object, ...]:
        party = model.parties[index]
        if party.booking is not None:
            return (0, not party.booking.resident, party.first, len(_span(model, index)), party.id)
        assert party.referral is not None
        urgency = model.policy.urgency(party.referral, as_of)
        return (1, party.band, -urgency, party.first, party.id)

    return sorted(range(len(model.parties)), key=precedence)


def _span(model: Model, party: int) -> range:
    span = model.options.of(party)
    return range(span.start, span.stop)


def _asked_for(model: Model) -> Floats:
    """People who could use each pool, for each bed in it."""
    asked = np.zeros(len(model.stock.pools))
    for party in range(len(model.parties)):
        asked[np.unique(model.options.pool[model.options.of(party)])] += 1
    return np.asarray(asked / (model.stock.capacity.mean(axis=1) + 0.1))


def _suits(model: Model, party: int) -> npt.NDArray[np.int64]:
    """1 for the options of a booking whose bed has all it asks for."""
    for level, gain in zip(model.levels, model.gain_of, strict=True):
        if level.aim == "bookings_suited":
            span = model.options.of(party)
            return model.gains.at(gain, np.arange(span.start, span.stop, dtype=np.int64))
    return np.zeros(len(_span(model, party)), dtype=np.int64)

"""Start: a lawful choice for everybody, made in order of priority with beds that fit best."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.clock import Clock
from allocator.solving.compiled.ground import NOTHING
from allocator.solving.descent import descended
from allocator.solving.model import Model

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
WISHES = 40
"""Taken beds of each booking of which it is asked whether their holder can have another."""


def first_plan(model: Model, clock: Clock) -> Ints:
    """A lawful choice for everybody: bookings change beds until each has what it holds, or
    nearly, before anybody else is given one.
    """
    bookings = [party for party in _in_order(model) if not model.parties[party].is_new]
    alone = Assignment(model)
    _fill(model, alone, bookings)
    seats = descended(model, alone.option_of, WISHES, clock, who=bookings)
    return start(model, seats).option_of


def second_turn(model: Model, option_of: Ints) -> Ints:
    """Another plan beside the same bookings, in which those of every band whom this one passed
    over come before the others (squeaky wheel optimisation)."""
    seats = option_of.copy()
    seats[[party.is_new for party in model.parties]] = NOTHING
    return start(model, seats, early=option_of < 0).option_of


def start(model: Model, kept: Ints | None = None, early: Flags | None = None) -> Assignment:
    """Bookings first, then referrals by band and urgency, each in the bed least asked for.

    `kept`: a lawful choice to begin with; only those who have nothing in it are given a bed.
    `early`: whether a party goes before all others of its band.
    """
    assignment = Assignment(model)
    if kept is not None:
        assignment.add_all(kept[kept >= 0])
    _fill(model, assignment, _in_order(model, early))
    return assignment


def rounded(model: Model, options: Ints, flow: Floats | None = None) -> Ints:
    """A lawful choice from one in parts, band by band: who is mostly somewhere goes there first.

    `flow`: how much of each option; None: all of it. Bookings are band 0.
    Those of a band who are nowhere mostly get what fits, before the next band.
    """
    assignment = Assignment(model)
    flow = np.ones(len(options)) if flow is None else flow
    mostly = options[np.argsort(-flow, kind="stable")][: int((flow > 0.5).sum())]
    band = np.array([party.band for party in model.parties], dtype=np.int64)
    everyone = _in_order(model)
    for number in np.unique(band):
        for option in mostly[band[model.options.party[mostly]] == number].tolist():
            if assignment.is_open(option):
                assignment.add(option)
        _fill(model, assignment, [party for party in everyone if band[party] == number])
    return assignment.option_of


def _fill(model: Model, assignment: Assignment, order: list[int]) -> None:
    asked = model.asked_for
    for party in order:
        if assignment.option_of[party] < 0:
            span = model.options.of(party)
            worth = -asked[model.options.pool[span]] - 1e3 * model.options.arrival[span]
            if not model.parties[party].is_new:
                worth = worth + 1e6 * _suits(model, party)
            assignment.place(party, worth)


def _in_order(model: Model, early: Flags | None = None) -> list[int]:
    as_of = model.problem.as_of
    late = np.zeros(len(model.parties), dtype=bool) if early is None else ~early

    def precedence(index: int) -> tuple[object, ...]:
        party = model.parties[index]
        if party.booking is not None:
            return (0, not party.booking.resident, party.first, len(_span(model, index)), party.id)
        assert party.referral is not None
        urgency = model.policy.urgency(party.referral, as_of)
        return (1, party.band, bool(late[index]), -urgency, party.first, party.id)

    return sorted(range(len(model.parties)), key=precedence)


def _span(model: Model, party: int) -> range:
    span = model.options.of(party)
    return range(span.start, span.stop)


def _suits(model: Model, party: int) -> npt.NDArray[np.int64]:
    """1 for the options of a booking whose bed has all it asks for."""
    for level, gain in zip(model.levels, model.gain_of, strict=True):
        if level.aim == "bookings_suited":
            return model.gains.at(gain, model.options.every(party))
    return np.zeros(len(_span(model, party)), dtype=np.int64)

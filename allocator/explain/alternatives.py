"""Alternatives: where else the people of a finished plan could be, as things are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from allocator.check.people import Person, incompatible
from allocator.explain.board import Opening
from allocator.explain.situation import Situation
from allocator.held import NO_BAND


def opening_of(person: Person, situation: Situation) -> Opening:
    """The bed and arrival that a placed person has."""
    assert person.bed_id is not None
    bed = situation.stock.bed_number[person.bed_id]
    return bed, (person.arrival - situation.problem.as_of).days


def other_beds(person: Person, situation: Situation) -> tuple[str, ...]:
    """Every other bed of the premises that a booking could have as things are, as well suited."""
    if person.id not in situation.known_beds:
        situation.known_beds[person.id] = tuple(_other_beds(person, situation))
    return situation.known_beds[person.id]


def _other_beds(person: Person, situation: Situation) -> Iterator[str]:
    stock, gains = situation.stock, situation.gains
    booking = situation.facts.bookings_by_id[person.id]
    now = gains.of_seat(booking, str(person.bed_id))
    span = stock.span(person.stay)
    if person.stay.departure > situation.date_of(stock.nights):
        return  # it lasts past every night that is looked at
    here = np.flatnonzero(stock.site_of_bed == stock.site_number[person.premises_id])
    start = np.array([span.start], dtype=np.int64)
    # The bed the person has is not empty, so it is not among these.
    empty = situation.ledger.is_empty(span.stop - span.start, here, start, NO_BAND)[:, 0]
    for bed in here[empty].tolist():
        suits = gains.of_seat(booking, stock.beds[bed]) >= now
        if suits and _may_lie(person, stock.beds[bed], situation):
            yield stock.beds[bed]


def elsewhere(person: Person, situation: Situation) -> tuple[Opening, ...]:
    """Every other bed or arrival that a placed person could have as things are, best first.

    A bed taken by someone new only ever makes this list shorter, so one answer serves all.
    """
    if person.id not in situation.known:
        request = situation.request(situation.problem.referrals_by_id[person.id])
        now = opening_of(person, situation)
        with situation.ledger.changed(out=[person]):
            found = tuple(o for o in situation.openings(request) if o != now)
        situation.known[person.id] = found
    return situation.known[person.id]


def _may_lie(person: Person, bed_id: str, situation: Situation) -> bool:
    """Whether a booking may have the bed beside the new people in the room."""
    stock = situation.stock
    others = [
        other
        for mate in stock.mates.get(stock.bed_number[bed_id], ())
        for other in situation.way.people_in(mate)
        if other.new and other.id != person.id
    ]
    return all(_may_share(person, other, situation) for other in others)


def _may_share(one: Person, other: Person, situation: Situation) -> bool:
    common = one.stay.common(other.stay)
    if common is None:
        return True
    last = common.departure - timedelta(days=1)
    return not (
        one.sleeps_alone(last)
        or other.sleeps_alone(last)
        or incompatible(one, other, situation.policy)
    )

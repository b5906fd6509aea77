"""Moves: one person makes way for another, and every such move can be looked at.

Three kinds: a placed person is given another bed or arrival; a booking that names no bed is given
another bed of its premises that suits it as well; a placed person is left without a bed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from allocator.check.people import Person, incompatible, of_booking, of_referral
from allocator.explain.board import Opening
from allocator.explain.gains import Gain, less, total
from allocator.explain.proposal import Proposal
from allocator.explain.request import Request
from allocator.explain.situation import Situation
from allocator.explain.stock import Ints
from allocator.nights import Stay
from allocator.referral import Referral


@dataclass(frozen=True, slots=True)
class Move:
    """A lawful change: what it makes of the plan, who makes way, and the gain on each level."""

    proposal: Proposal
    who: Person | None
    gain: Gain


def direct(request: Request, situation: Situation, opening: Opening) -> Move:
    """A bed that is open as things are."""
    gain = situation.gains.of(request.referral, *opening)
    return Move(_proposal(request.referral, opening, situation), None, gain)


def placed_again(request: Request, situation: Situation, person: Person, beds: Ints) -> Move | None:
    """The person in one of `beds`, and whoever was in the way in another bed or later or sooner."""
    options = elsewhere(person, situation)
    if not options:
        return None
    other = situation.problem.referrals_by_id[person.id]
    theirs = situation.request(other)
    their_beds = np.unique(np.array([bed for bed, _ in options], dtype=np.int64))
    before = _gain_now(person, situation)
    with situation.ledger.changed(out=[person]):
        for opening in list(situation.openings(request, beds)):
            mine = _person_in(request.referral, opening, situation)
            with situation.ledger.changed(into=[mine]):
                again = next(situation.openings(theirs, their_beds), None)
            if again is not None:
                gains = (
                    situation.gains.of(request.referral, *opening),
                    situation.gains.of(other, *again),
                )
                proposal = _proposal(
                    request.referral, opening, situation, without=other.id, again=again
                )
                return Move(proposal, person, less(total(gains), before))
    return None


def left_out(request: Request, situation: Situation, person: Person, beds: Ints) -> Move | None:
    """The person in one of `beds`, and whoever was in the way without one."""
    with situation.ledger.changed(out=[person]):
        opening = next(situation.openings(request, beds), None)
    if opening is None:
        return None
    gain = situation.gains.of(request.referral, *opening)
    proposal = _proposal(request.referral, opening, situation, without=person.id)
    return Move(proposal, person, less(gain, _gain_now(person, situation)))


def reseated(request: Request, situation: Situation, person: Person, beds: Ints) -> Move | None:
    """The person in one of `beds`, and a booking in another bed that suits it as well."""
    options = other_beds(person, situation)
    if not options:
        return None
    booking = situation.facts.bookings_by_id[person.id]
    now = situation.gains.of_seat(booking, str(person.bed_id))
    with situation.ledger.changed(out=[person]):
        if not len(situation.open_to(request, beds)[0]):
            return None
        for bed_id in options:
            there = of_booking(booking, person.premises_id, bed_id, person.stay, new=False)
            with situation.ledger.changed(into=[there]):
                opening = next(situation.openings(request, beds), None)
            if opening is not None:
                proposal = _proposal(
                    request.referral, opening, situation, reseated=(booking.id, bed_id)
                )
                gains = (
                    situation.gains.of(request.referral, *opening),
                    situation.gains.of_seat(booking, bed_id),
                )
                return Move(proposal, person, less(total(gains), now))
    return None


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
    here = np.flatnonzero(stock.site_of_bed == stock.site_number[person.premises_id])
    start = np.array([span.start], dtype=np.int64)
    # The bed the person has is not empty, so it is not among these.
    empty = situation.ledger.is_empty(span.stop - span.start, here, start)[:, 0]
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
        now = _opening_of(person, situation)
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


def _gain_now(person: Person, situation: Situation) -> Gain:
    opening = _opening_of(person, situation)
    return situation.gains.of(situation.problem.referrals_by_id[person.id], *opening)


def _opening_of(person: Person, situation: Situation) -> Opening:
    assert person.bed_id is not None
    bed = situation.stock.bed_number[person.bed_id]
    return bed, (person.arrival - situation.problem.as_of).days


def _person_in(referral: Referral, opening: Opening, situation: Situation) -> Person:
    bed_id = situation.stock.beds[opening[0]]
    premises_id = situation.facts.places[bed_id].premises.id
    stay = Stay.of(situation.date_of(opening[1]), referral.nights)
    return of_referral(referral, premises_id, bed_id, stay)


def _proposal(
    referral: Referral,
    opening: Opening,
    situation: Situation,
    *,
    without: str | None = None,
    again: Opening | None = None,
    reseated: tuple[str, str] | None = None,
) -> Proposal:
    beds = situation.stock.beds
    return Proposal(
        referral=referral,
        bed_id=beds[opening[0]],
        arrival=situation.date_of(opening[1]),
        without=without,
        again=None if again is None else (beds[again[0]], situation.date_of(again[1])),
        reseated=reseated,
    )

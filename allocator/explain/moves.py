"""Moves: one person makes way for another, and every such move can be looked at.

Three kinds: a placed person is given another bed or arrival; a booking that names no bed is given
another bed of its premises that suits it as well; a placed person is left without a bed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.check.people import Person, of_booking, of_referral
from allocator.explain.alternatives import elsewhere, opening_of, other_beds
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


def _gain_now(person: Person, situation: Situation) -> Gain:
    opening = opening_of(person, situation)
    return situation.gains.of(situation.problem.referrals_by_id[person.id], *opening)


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

"""Making way: the kinds of move by which one other person opens a bed, tried in one order.

Everyone who might make way is tried: bookings by number, then people placed, the lowest band and
the least urgent first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from allocator.check.people import Person
from allocator.explain.change import Change, Kind
from allocator.explain.moves import Move, left_out, placed_again, reseated
from allocator.explain.request import Request
from allocator.explain.situation import Situation
from allocator.explain.spots import Spot
from allocator.explain.stock import Ints
from allocator.geography.distance import miles_between
from allocator.plain_words import counted

Try = Callable[[Request, Situation, Person, Ints], Move | None]
InTheWay = list[tuple[Person, Ints]]
"""People and, for each, the beds that their making way might open."""


def ways(request: Request, situation: Situation) -> Iterator[tuple[Kind, Try, InTheWay]]:
    """Each kind of move with those it may be tried on."""
    line = situation.line
    way = sorted(situation.way.of(request), key=lambda entry: line[entry[0].id])
    own = situation.policy.band_of(request.referral)
    bands = [(entry, -line[entry[0].id][0]) for entry in way]
    yield Kind.RESEATED, reseated, [entry for entry in way if entry[0].booked]
    yield Kind.MOVED, placed_again, [entry for entry, band in bands if band >= own]
    yield Kind.DISPLACED, left_out, [entry for entry, band in bands if band > own]


def others_changes(request: Request, situation: Situation) -> Iterator[Change]:
    """The first change of each kind that works, verified."""
    for kind, attempt, way in ways(request, situation):
        move = first_move(request, situation, attempt, way)
        if move is not None:
            yield told(kind, move, situation)


def first_move(
    request: Request, situation: Situation, attempt: Try, way: Iterable[tuple[Person, Ints]]
) -> Move | None:
    """The first of these people whose making way works."""
    tries = (attempt(request, situation, person, beds) for person, beds in way)
    return next((move for move in tries if move is not None), None)


def told(kind: Kind, move: Move, situation: Situation) -> Change:
    """The move in words, with what it costs whoever makes way."""
    spot = Spot(move, situation)
    if kind is Kind.RESEATED:
        text = "One booking is given another bed of its premises that suits it as well."
        return spot.change(kind, text)
    if kind is Kind.MOVED:
        band = _band_of_whom(move, situation)
        text = f"One person of band {band}, placed by this plan, is placed elsewhere."
        return spot.change(kind, text, price=_price_of_moving(move, situation))
    band = _band_of_whom(move, situation)
    text = f"One person of band {band}, placed by this plan, gives up the bed."
    return spot.change(kind, text, price=f"That person of band {band} has no bed.")


def _band_of_whom(move: Move, situation: Situation) -> int:
    assert move.who is not None
    return -situation.line[move.who.id][0]


def _price_of_moving(move: Move, situation: Situation) -> str:
    who, again = move.who, move.proposal.again
    assert who is not None and who.known is not None and again is not None
    days = (again[1] - who.arrival).days
    parts = []
    if days:
        parts.append(f"{counted(abs(days), 'night')} {'later' if days > 0 else 'sooner'}")
    home, places = who.known.location, situation.facts.places
    before = situation.problem.premises_by_id[who.premises_id].location
    after = places[again[0]].premises.location
    if home is not None and before is not None and after is not None:
        miles = miles_between(home, after) - miles_between(home, before)
        if abs(miles) >= 0.05:
            parts.append(f"{abs(miles):.1f} miles {'further away' if miles > 0 else 'nearer'}")
    return f"That person is {' and '.join(parts) or 'neither later nor further away'}."

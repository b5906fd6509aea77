"""Insertion: where someone new would go in a finished plan, with the least disturbance."""

from __future__ import annotations

from datetime import timedelta

from allocator.explain.change import Change, Kind
from allocator.explain.gains import Gain
from allocator.explain.making_way import InTheWay, Try, told, ways
from allocator.explain.moves import Move, left_out
from allocator.explain.request import Request
from allocator.explain.situation import Situation
from allocator.explain.spots import first_spot
from allocator.referral import Referral


def best_insertion(situation: Situation, referral: Referral) -> Change | None:
    """A bed for a new referral: open as things are, or else by one other person making way.

    First an open bed; then a booking in another bed of its premises; then someone placed, of the
    same or a lower band, placed elsewhere; then someone of a lower band without a bed. Of the
    first three the one that costs least in the policy's order; of the last, the lowest band and
    the least urgent. None: no single move would do. Verified.
    Raises ValueError for a stay more than a year past all that the problem speaks of.
    """
    last = max(referral.latest_arrival, situation.problem.as_of)
    if last + timedelta(days=referral.nights) > situation.date_of(situation.stock.nights):
        raise ValueError("the stay ends past the nights this situation looks at")
    return least_disturbance(referral, situation)


def least_disturbance(
    referral: Referral, situation: Situation, *, beating: Gain | None = None
) -> Change | None:
    """The same, of the changes that gain more than `beating` where that is given."""
    spot = first_spot(referral, situation)
    if spot is not None and (beating is None or spot.move.gain > beating):
        return spot.change(Kind.NOTHING, "No other change: a bed is open as things are.")
    request = situation.request(referral)
    for kind, attempt, way in ways(request, situation):
        move = _best(attempt, request, situation, way)
        if move is not None and (beating is None or move.gain > beating):
            return told(kind, move, situation)
    return None


def _best(attempt: Try, request: Request, situation: Situation, way: InTheWay) -> Move | None:
    """The cheapest that would do; of those left without a bed, the first in line."""
    best: Move | None = None
    for person, beds in way:
        move = attempt(request, situation, person, beds)
        if move is not None and (best is None or move.gain > best.gain):
            best = move
            if attempt is left_out:
                break
    return best

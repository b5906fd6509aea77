"""Seated: a plan on a board, with and without the people it places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.booking import Booking
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.simulate.asker import Asker, asker
from allocator.simulate.board import Board, Slot
from allocator.simulate.ground import Ground
from allocator.solving.parties import booking_attributes, shares_until

SPARE = 400
"""Nights on the board after the last day of release that is looked at."""


@dataclass(frozen=True, slots=True)
class Seated:
    """`board`: bookings alone. `whole`: everyone. `placed`: who the plan places, by referral.

    `days`: so many are looked at; the board goes on for stays.
    """

    ground: Ground
    board: Board
    whole: Board
    placed: dict[str, Asker]
    slots: dict[int, Slot]
    booked: frozenset[int]
    days: int


def seated(plan: Plan, problem: Problem, policy: Policy, days: int) -> Seated:
    """The plan on a board that looks `days` ahead, and further for stays."""
    ends = [p.stay.departure for p in plan.placements]
    ends += [b.stay.departure for b in problem.bookings]
    furthest = max(((end - problem.as_of).days for end in ends), default=0)
    ground = Ground(problem, policy, max(days + SPARE, furthest + 2))
    board = Board.empty(ground)
    booked = _put_bookings(board, plan, problem, policy)
    whole = board.copy()
    placed, slots = {}, {}
    for number, placement in enumerate(plan.placements):
        referral = problem.referrals_by_id[placement.referral_id]
        asking = asker(number, referral, ground, policy)
        slot = Slot(
            ground.number_of[placement.bed_id],
            ground.day(placement.stay.arrival),
            ground.day(placement.stay.departure),
        )
        whole.put(asking, slot)
        placed[referral.id], slots[number] = asking, slot
    order = sorted(placed.items(), key=lambda each: (each[1].band, each[1].release, each[0]))
    return Seated(ground, board, whole, dict(order), slots, booked, days)


def _put_bookings(board: Board, plan: Plan, problem: Problem, policy: Policy) -> frozenset[int]:
    numbers = set()
    for n, seat in enumerate(plan.seats):
        booking = problem.bookings_by_id[seat.booking_id]
        asking = _of_booking(len(plan.placements) + n, booking, board.ground, policy)
        arrival = max(0, board.ground.day(booking.stay.arrival))
        departure = board.ground.day(booking.stay.departure)
        slot = Slot(board.ground.number_of[seat.bed_id], arrival, departure)
        board.seat(asking, slot, settled=booking.stay.arrival < problem.as_of)
        numbers.add(asking.number)
    return frozenset(numbers)


def _of_booking(number: int, booking: Booking, ground: Ground, policy: Policy) -> Asker:
    """A booking as somebody on the board: who they are to room-mates and limits."""
    about = booking.referral or Referral(
        id=booking.id,
        crn=booking.crn,
        gender=ground.problem.premises_by_id[booking.premises_id].gender,
        release_date=booking.stay.arrival,
        latest_arrival=booking.stay.arrival,
        nights=booking.stay.nights,
    )
    nothing = np.zeros(0, dtype=np.int64)
    return Asker(
        number=number,
        referral=about,
        band=policy.band_of(about),
        release=ground.day(booking.stay.arrival),
        latest=ground.day(booking.stay.arrival),
        nights=booking.stay.nights,
        share_until=shares_until(booking.sharing, booking.essential, ground.problem.as_of),
        attributes=booking_attributes(booking, policy),
        beds=nothing,
        tenths=nothing,
        worth=np.zeros(0),
    )

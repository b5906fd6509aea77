"""Optimise and commit all: the week's list through the optimiser itself, and all made firm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from allocator.booking import Booking
from allocator.estate import OutOfService
from allocator.nights import Stay
from allocator.problem import Problem
from allocator.simulate.asker import Asker
from allocator.simulate.board import CLOSED, Board, Slot
from allocator.simulate.decision import Choice, Decision, Desk
from allocator.simulate.methods.between import between
from allocator.solving import solve

YEAR_AHEAD = 720
"""Days ahead that a stay may reach."""


@dataclass(frozen=True, slots=True)
class OptimiseAll:
    """The best plan for those who are known, by the policy's aims, committed as it comes."""

    name: str = "optimise, commit all"
    daily: bool = False
    futures: int = 0
    effort: str = "quick"

    def decide(self, desk: Desk) -> Decision:
        """Everyone whom the optimiser's plan places."""
        if not desk.meeting:
            return Decision(tuple(between(desk)))
        people = {person.referral.id: person for person in desk.asking}
        plan = solve(_problem(desk, people), desk.policy, effort=self.effort)
        ground = desk.ground
        firm: list[Choice] = []
        for placement in plan.placements:
            slot = Slot(
                ground.number_of[placement.bed_id],
                ground.day(placement.stay.arrival),
                ground.day(placement.stay.departure),
            )
            firm.append((people[placement.referral_id], slot))
        return Decision(tuple(firm))


def _problem(desk: Desk, people: dict[str, Asker]) -> Problem:
    """The day's problem: everyone with a bed keeps it, everyone who asks is a referral."""
    ground = desk.ground
    estate = ground.problem
    return replace(
        estate,
        as_of=ground.date(desk.today),
        referrals=tuple(person.referral for person in people.values()),
        bookings=tuple(_bookings(desk)),
        out_of_service=tuple(_closed(desk.board, desk.today)),
    )


def _bookings(desk: Desk) -> Iterator[Booking]:
    ground, board = desk.ground, desk.board
    for number, slot in sorted(board.slots.items()):
        if slot.departure <= desk.today:
            continue
        referral = board.people[number].referral
        bed = ground.beds[slot.bed]
        yield Booking(
            id=f"B{number}",
            crn=referral.crn,
            premises_id=ground.problem.premises_of_bed(bed).id,
            stay=Stay(ground.date(slot.arrival), ground.date(slot.departure)),
            resident=slot.arrival < desk.today,
            bed_id=bed,
            essential=referral.essential,
            sharing=referral.sharing,
            referral=referral,
        )


def _closed(board: Board, today: int) -> Iterator[OutOfService]:
    """Nights on which a bed is closed, as far ahead as anyone may stay."""
    ground = board.ground
    end = min(ground.days, today + YEAR_AHEAD)
    shut = board.who[:, today:end] == CLOSED
    for bed in np.flatnonzero(shut.any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(np.concatenate(([0], shut[bed].view(np.int8), [0]))))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            nights = Stay(ground.date(today + first), ground.date(today + last))
            yield OutOfService(ground.beds[bed], nights)

"""Board: a finished plan as people in beds, and where one more person could be placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from allocator.check.facts import Facts
from allocator.check.people import Person
from allocator.explain.bars import Bars
from allocator.explain.gains import Gains
from allocator.explain.ledger import Ledger
from allocator.explain.request import Request, request_of
from allocator.explain.stock import Flags, Ints, Stock
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral

LATEST_DAYS = 84
"""A later arrival is looked for so many days past the last one allowed."""
SPARE_NIGHTS = 366
"""Nights looked at past the last that the problem speaks of, for people not yet referred."""

Opening = tuple[int, int]
"""A bed by number, and an arrival as days after the plan's date."""


class Board:
    """The plan, problem and policy, with who is where. The plan must be lawful: see `check`."""

    def __init__(self, plan: Plan, problem: Problem, policy: Policy) -> None:
        self.plan, self.problem, self.policy = plan, problem, policy
        self.facts = Facts(plan, problem, policy)
        self.stock = Stock(self.facts, _nights(self.facts))
        self.ledger = Ledger(self.facts, self.stock)
        self.bars = Bars(problem, policy, self.stock)
        self.gains = Gains(self.facts, self.bars)

    def request(self, referral: Referral) -> Request:
        """The referral as someone who asks; it need not be one of the problem."""
        return request_of(referral, self.facts, self.stock)

    def date_of(self, day: int) -> date:
        """The date so many days after the plan's."""
        return self.problem.as_of + timedelta(days=int(day))

    def lawful_beds(self, referral: Referral) -> Ints:
        """Numbers of the beds that no bed rule bars."""
        return np.flatnonzero(self.bars.lawful(referral))

    def open_to(self, request: Request, beds: Ints | None = None) -> tuple[Ints, Ints]:
        """Beds and arrivals, as pairs, at which the person could be placed with no other change."""
        beds = self.lawful_beds(request.referral) if beds is None else beds
        if not len(beds) or not len(request.days):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        rows, columns = np.nonzero(self.ledger.is_open(request, beds, request.days))
        return beds[rows], request.days[columns]

    def openings(self, request: Request, beds: Ints | None = None) -> Iterator[Opening]:
        """The same, in the order in which the policy would take them."""
        where, when = self.open_to(request, beds)
        for n in self.gains.best_first(request.referral, where, when).tolist():
            yield int(where[n]), int(when[n])

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everyone in a bed, and everyone surplus at their premises."""
        return self.facts.people

    @cached_property
    def line(self) -> Mapping[str, tuple[int, int, str]]:
        """Order in which people are asked to make way, by id: low bands, then the less urgent.

        Minus the band for someone placed by the plan; 0 for a booking, whom nobody outranks.
        """
        found = {booking.id: (0, 0, booking.id) for booking in self.facts.bookings}
        for placement, referral, _ in self.facts.placed:
            urgency = self.policy.urgency(referral, self.problem.as_of)
            found[referral.id] = (-placement.band, urgency, referral.id)
        return found

    @cached_property
    def bed_of(self) -> Ints:
        """Each person's bed by number; -1: surplus."""
        beds = [-1 if p.bed_id is None else self.stock.bed_number[p.bed_id] for p in self.people]
        return np.array(beds, dtype=np.int64)

    @cached_property
    def spans(self) -> tuple[Ints, Ints]:
        """Each person's first night and the night after the last."""
        spans = [self.stock.span(p.stay) for p in self.people]
        return (
            np.array([s.start for s in spans], dtype=np.int64),
            np.array([s.stop for s in spans], dtype=np.int64),
        )

    @cached_property
    def site_of(self) -> Ints:
        """Each person's premises by number."""
        sites = [self.stock.site_number[p.premises_id] for p in self.people]
        return np.array(sites, dtype=np.int64)

    @cached_property
    def may_give_way(self) -> Flags:
        """People whose bed the plan chose: placements, and bookings that are not settled.

        A booking that the plan has moved to other premises is not asked to move again.
        """
        found = [
            p.bed_id is not None
            and (
                not p.booked
                or not (p.new or self.facts.is_settled(self.facts.bookings_by_id[p.id]))
            )
            for p in self.people
        ]
        return np.array(found, dtype=np.bool_)

    @cached_property
    def asleep(self) -> Ints:
        """Number of the person in each bed each night; -1: nobody, or a closed bed."""
        grid = np.full((len(self.stock.beds), self.stock.nights), -1, dtype=np.int64)
        for number, person in enumerate(self.people):
            if person.bed_id is not None:
                grid[self.bed_of[number], self.stock.span(person.stay)] = number
        return grid


def _nights(facts: Facts) -> int:
    """How many nights are looked at: every stay that anyone may be given, and some to spare."""
    problem = facts.problem
    ends = [problem.as_of]
    for referral in problem.referrals:
        last = max(referral.latest_arrival, problem.as_of) + timedelta(days=LATEST_DAYS)
        ends.append(last + timedelta(days=referral.nights))
    return (max(ends) - problem.as_of).days + SPARE_NIGHTS

"""World: an estate, who is in it on the first day, and everything that will happen there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from allocator.booking import Booking
from allocator.coming import Coming, Demand
from allocator.nights import Stay
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.simulate.asker import Asker, asker
from allocator.simulate.breakages import Breakage, breakages
from allocator.simulate.ground import Closing, Ground
from allocator.simulate.settle import settled
from allocator.streams import Streams

MOST_NOTICE = 240
"""Days before the first on which people who are asked for already may have been referred."""
AFTER = 720
"""Days after the last that a stay may reach: notice, a later release, a window, a year's stay."""


@dataclass(frozen=True)
class World:
    """The same for every method that is tried on it: common random numbers by construction."""

    problem: Problem
    """The estate on the first day, with who is there, each in a named bed; no referrals."""
    policy: Policy
    people: tuple[Coming, ...]
    breakages: tuple[Breakage, ...]
    counted_from: date
    until: date
    """The day after the last on which a release is counted."""
    closing: tuple[Closing, ...] = ()

    @property
    def first(self) -> date:
        return self.problem.as_of

    @cached_property
    def ground(self) -> Ground:
        days = (self.until - self.first).days + AFTER
        return Ground(self.problem, self.policy, days, self.closing)

    @cached_property
    def askers(self) -> tuple[Asker, ...]:
        """The people in order, as they ask when they are referred."""
        return tuple(
            asker(n, person.referral, self.ground, self.policy)
            for n, person in enumerate(self.people)
        )

    @cached_property
    def residents(self) -> tuple[tuple[Asker, Booking], ...]:
        """Who has a bed on the first day, and bookings for later, numbered after the people."""
        found = []
        for n, booking in enumerate(self.problem.bookings):
            assert booking.referral is not None
            number = len(self.people) + n
            asking = asker(number, booking.referral, self.ground, self.policy)
            found.append((asking, booking))
        return tuple(found)


def people_of(demand: Demand, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
    """Who is released from `first` to the day before `until`, some of them referred before it."""
    asked = demand.people(streams, first - timedelta(days=MOST_NOTICE), until)
    return tuple(person for person in asked if person.referral.release_date >= first)


def seated(problem: Problem, policy: Policy) -> Problem:
    """The estate as it is on its date, with each booking that has a bed in it; no referrals.

    Holds are left out: they last for days, and in the year it is the way of deciding that holds.
    """
    now = tuple(each for each in problem.out_of_service if each.nights.arrival <= problem.as_of)
    estate = replace(problem, referrals=(), out_of_service=now, held=())
    return estate.with_bookings(settled(estate, policy))


def make_world(
    problem: Problem,
    policy: Policy,
    people: tuple[Coming, ...],
    streams: Streams,
    *,
    warm_up_days: int,
    days: int,
    breaks: float = 1.0,
    closing: tuple[Closing, ...] = (),
) -> World:
    """A world on the problem's estate: `warm_up_days` that are not counted, then `days` that are.

    Separations and zones of the problem hold for the people too. Bookings that know nothing of
    their person, or have no bed, are left out, and so are the problem's referrals. Beds break
    `breaks` times as often as usual.
    """
    first = problem.as_of
    counted_from = first + timedelta(days=warm_up_days)
    until = counted_from + timedelta(days=days)
    estate = seated(problem, policy)
    ends = (until - first).days + AFTER
    broken = breakages(tuple(bed.id for bed in estate.beds), first, ends, streams, breaks)
    return World(estate, policy, people, broken, counted_from, until, closing)


def nights_left(booking: Booking, first: date) -> Stay:
    """The nights of a booking from the first day on."""
    return Stay(max(booking.stay.arrival, first), booking.stay.departure)

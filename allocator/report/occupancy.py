"""Occupancy: how each premises' bed-nights are used, week by week, in a plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from allocator.estate import Bed, Premises
from allocator.nights import Stay
from allocator.plan import Plan
from allocator.problem import Problem

MOST_WEEKS = 26


class Use(IntEnum):
    """What a bed is for on one night."""

    ABSENT = 0
    """The bed is not yet there, or no longer."""
    FREE = 1
    OUT_OF_SERVICE = 2
    PROPOSAL = 3
    BOOKING = 4
    RESIDENT = 5


USES = (Use.RESIDENT, Use.BOOKING, Use.PROPOSAL, Use.OUT_OF_SERVICE, Use.FREE)
"""In the order they are shown."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven nights of one premises: bed-nights by use, in the order of USES."""

    bed_nights: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.bed_nights)


@dataclass(frozen=True, slots=True)
class PremisesWeeks:
    """One premises: its weeks, and its bookings that no bed can hold."""

    premises: Premises
    beds: int
    weeks: tuple[Week, ...]
    surplus: int


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Every premises over the same weeks, in order of area and name."""

    starts: tuple[date, ...]
    premises: tuple[PremisesWeeks, ...]

    @property
    def whole_estate(self) -> tuple[Week, ...]:
        """The weeks of all premises together."""
        return tuple(
            Week(tuple(sum(column) for column in zip(*(w.bed_nights for w in weeks), strict=True)))
            for weeks in zip(*(p.weeks for p in self.premises), strict=True)
        )

    def by_area(self) -> Mapping[str, list[PremisesWeeks]]:
        """Premises grouped by area; an area may have no name."""
        areas: dict[str, list[PremisesWeeks]] = defaultdict(list)
        for entry in self.premises:
            areas[entry.premises.area].append(entry)
        return areas


def occupancy(plan: Plan, problem: Problem) -> Occupancy:
    """The weeks from the plan's date to the last proposed departure, 26 at most."""
    weeks = _weeks(plan)
    beds: dict[str, list[Bed]] = defaultdict(list)
    for bed in problem.beds:
        beds[problem.premises_of_bed(bed.id).id].append(bed)
    people = _people_by_bed(plan, problem)
    surplus = Counter(record.premises_id for record in plan.surplus)
    return Occupancy(
        tuple(plan.as_of + timedelta(weeks=week) for week in range(weeks)),
        tuple(
            PremisesWeeks(
                p,
                len(beds[p.id]),
                _count(beds[p.id], people, plan.as_of, weeks, problem),
                surplus[p.id],
            )
            for p in sorted(problem.premises, key=lambda p: (p.area, p.name, p.id))
        ),
    )


def _weeks(plan: Plan) -> int:
    last = max((p.stay.departure for p in plan.placements), default=plan.as_of)
    return min(MOST_WEEKS, max(1, -(-(last - plan.as_of).days // 7)))


def _people_by_bed(plan: Plan, problem: Problem) -> Mapping[str, list[tuple[Use, Stay]]]:
    people: dict[str, list[tuple[Use, Stay]]] = defaultdict(list)
    for seat in plan.seats:
        booking = problem.bookings_by_id[seat.booking_id]
        use = Use.RESIDENT if booking.resident else Use.BOOKING
        people[seat.bed_id].append((use, booking.stay))
    for placement in plan.placements:
        people[placement.bed_id].append((Use.PROPOSAL, placement.stay))
    return people


def _count(
    beds: list[Bed],
    people: Mapping[str, list[tuple[Use, Stay]]],
    start: date,
    weeks: int,
    problem: Problem,
) -> tuple[Week, ...]:
    if not beds:
        return (Week((0,) * len(USES)),) * weeks
    nights = np.stack([_nights(bed, people, start, weeks * 7, problem) for bed in beds])
    by_week = nights.reshape(len(beds), weeks, 7)
    counts = np.stack([(by_week == use).sum(axis=(0, 2)) for use in USES], axis=1)
    return tuple(Week(tuple(int(n) for n in row)) for row in counts)


def _nights(
    bed: Bed,
    people: Mapping[str, list[tuple[Use, Stay]]],
    start: date,
    nights: int,
    problem: Problem,
) -> NDArray[np.int8]:
    """The use of one bed on each night from `start`.

    People are marked last: someone in a bed that is out of service is there all the same.
    """
    uses = np.full(nights, Use.FREE, dtype=np.int8)

    def mark(first: date, last: date, use: Use) -> None:
        span = slice(max(0, (first - start).days), max(0, (last - start).days))
        uses[span] = use

    for record in problem.out_of_service_by_bed.get(bed.id, ()):
        mark(record.nights.arrival, record.nights.departure, Use.OUT_OF_SERVICE)
    if bed.starts is not None:
        uses[: max(0, (bed.starts - start).days)] = Use.ABSENT
    if bed.ends is not None:
        uses[max(0, (bed.ends - start).days) :] = Use.ABSENT
    for use, stay in people.get(bed.id, ()):
        mark(stay.arrival, stay.departure, use)
    return uses

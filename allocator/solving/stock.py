"""Stock: beds as runs of free nights, and pools of runs that are interchangeable.

A run is a bed's free nights between two blocks. Runs of one place that end together are a pool:
whoever is in one of them could be in any other, so only the number free each night matters, and
giving out beds from left to right always succeeds. A shared room has pools of its own, because
who else is in the room matters; and so has a bed that is held.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.nights import Stay
from allocator.problem import Problem
from allocator.solving.settled import Settled


@dataclass(frozen=True, slots=True)
class Run:
    """A bed's free nights from day `first` up to, not including, day `end` (days from as_of)."""

    bed_id: str
    first: int
    end: int


class Held(NamedTuple):
    """Nights of a run that are for new people of bands 1 to `lowest_band` alone."""

    first: int
    end: int
    lowest_band: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Runs that anyone lawful there can be given interchangeably."""

    place: int
    premises_id: str
    room_id: str | None
    """The shared room, for a pool of beds in it; None elsewhere."""
    end: int
    held: tuple[Held, ...]
    """Of its one run."""
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Stock:
    """All pools and their number of free beds each night."""

    as_of: date
    days: int
    """Length of the horizon: nights 0 … days - 1 are planned."""
    pools: tuple[Pool, ...]
    capacity: npt.NDArray[np.int32]
    """capacity[pool, night]: beds of the pool that are free before the plan."""

    def day(self, when: date) -> int:
        """Days from as_of."""
        return (when - self.as_of).days

    def date(self, day: int) -> date:
        """The date so many days after as_of."""
        return self.as_of + timedelta(days=int(day))


def build_stock(problem: Problem, candidates: Candidates, settled: Settled, days: int) -> Stock:
    """Pools of the estate with settled bookings taken out, over `days` nights."""
    grouped: dict[tuple[int, str, int, str, tuple[Held, ...]], list[Run]] = defaultdict(list)
    for bed in sorted(problem.beds, key=lambda b: b.id):
        shared = len(problem.beds_in_room[bed.room_id]) > 1
        place = candidates.place_index[bed.id]
        for run in _runs(bed.id, problem, settled, days):
            held = _held(run, problem)
            own = bed.id if held else ""
            grouped[place, bed.room_id if shared else "", run.end, own, held].append(run)
    pools = []
    capacity = np.zeros((len(grouped), days), dtype=np.int32)
    for index, ((place, room, end, _, held), runs) in enumerate(sorted(grouped.items())):
        premises_id = candidates.places[place].premises.id
        pools.append(Pool(place, premises_id, room or None, end, held, tuple(runs)))
        for run in runs:
            capacity[index, run.first : run.end] += 1
    return Stock(problem.as_of, days, tuple(pools), capacity)


def usable_nights(bed_id: str, problem: Problem, days: int) -> npt.NDArray[np.bool_]:
    """Whether the bed exists and is in service on each night, whoever sleeps in it."""
    usable = np.ones(days, dtype=bool)
    bed = problem.beds_by_id[bed_id]
    as_of = problem.as_of
    if bed.starts is not None:
        usable[: max(0, (bed.starts - as_of).days)] = False
    if bed.ends is not None:
        usable[max(0, (bed.ends - as_of).days) :] = False
    for record in problem.out_of_service_by_bed.get(bed_id, ()):
        _strike(usable, record.nights, as_of)
    return usable


def _strike(nights: npt.NDArray[np.bool_], stay: Stay, as_of: date) -> None:
    first, end = (stay.arrival - as_of).days, (stay.departure - as_of).days
    nights[max(0, first) : max(0, end)] = False


def _runs(bed_id: str, problem: Problem, settled: Settled, days: int) -> list[Run]:
    """Free nights of a bed as runs of at least one night."""
    free = usable_nights(bed_id, problem, days)
    for stay in settled.blocked.get(bed_id, ()):
        _strike(free, stay, problem.as_of)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], free.view(np.int8), [0]))))
    return [Run(bed_id, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _held(run: Run, problem: Problem) -> tuple[Held, ...]:
    """The holds of a bed that have a night of the run, in order."""
    found = []
    for record in problem.held_by_bed.get(run.bed_id, ()):
        first = max(run.first, (record.nights.arrival - problem.as_of).days)
        end = min(run.end, (record.nights.departure - problem.as_of).days)
        if first < end:
            found.append(Held(first, end, record.lowest_band))
    return tuple(sorted(set(found)))

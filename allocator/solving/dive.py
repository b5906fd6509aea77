"""Dive: whole people from a plan in parts, the surest first, the rest solved again beside them.

People who are whole in one programme are given their beds; the next knows only those who are
left, and what is left for them. So what one person's bed costs the others is seen before theirs
are given out, which rounding all at once does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import Assignment
from allocator.solving.clock import Clock
from allocator.solving.flow import Flow, Row
from allocator.solving.integer import limit_rows
from allocator.solving.model import Model
from allocator.solving.prices import night_prices
from allocator.solving.relaxation import Relaxed
from allocator.solving.start import rounded
from allocator.solving.steps import carried, stepped

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SOME = 0.02
"""Flow of an option above which it is looked at."""
SURE = 0.95
"""Flow of an option above which its person has it."""
A_FEW = 5
"""People at least who are given a bed at each step."""
CHANCE = 0.1
"""Chance that tells equally good plans apart, as a share of one person of the last level."""
URGENT = 0.5
"""What the most urgent person counts for besides, as such a share."""
A_DAY_LATE = 0.1
"""What chance counts a day for after the first that a person could come; it itself is 0 to 1."""
TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast it goes down: the share of those left who are given a bed at each step at least, and
    the steps of each programme, for a plan that is nearly one is enough."""

    share: float
    steps: int


PATIENT = Pace(0.15, 3_000)
HASTY = Pace(0.25, 1_000)
"""In a third of the time, with some people of the last band fewer."""


def dived(
    model: Model,
    weights: Mapping[int, int],
    relaxed: Relaxed,
    random: np.random.Generator,
    clock: Clock,
    pace: Pace,
    enough: Callable[[], bool],
) -> Ints:
    """A lawful choice near `relaxed`, by the options that it takes some of.

    `weights`: what a unit of each level counts for. `enough`: whether to end with those who have a
    bed by then.
    """
    options = model.options
    assignment = Assignment(model)
    chance = _chance(model, random)
    columns = relaxed.columns[relaxed.flow > SOME]
    amounts, people, beds = np.zeros(len(options)), relaxed.people, relaxed.prices.beds
    amounts[relaxed.columns] = relaxed.flow
    while not (clock.stopped() or enough()):
        if (assignment.option_of >= 0).any():
            columns = _open(assignment, columns)
        if not len(columns):
            break
        flow = Flow(model, columns, _free(model, assignment))
        limits = _limits(model, assignment, columns)
        worth = model.added(weights, columns) + chance[columns]
        point = stepped(
            flow.rows(limits),
            np.concatenate([-worth, np.zeros(flow.nodes)]),
            carried(flow, amounts[columns], people, beds, np.zeros(len(limits))),
            TOLERANCE,
            clock,
            pace.steps,
        )
        if point is None:
            break
        taken = point.amounts[: len(columns)]
        amounts[:] = 0.0
        amounts[columns] = taken
        people = np.maximum(0.0, -point.duals[: flow.parties])
        worths = -point.duals[flow.parties : flow.parties + flow.nodes]
        beds = night_prices(flow, worths, model.stock.capacity.shape)
        if not _give(assignment, columns, taken, pace.share):
            break
    chosen = assignment.option_of
    return rounded(model, chosen[chosen >= 0])


def _chance(model: Model, random: np.random.Generator) -> Floats:
    """What tells equally good options apart: urgency, early arrival, and chance."""
    options = model.options
    first = np.array([party.first for party in model.parties], dtype=np.int64)
    late = options.arrival - first[options.party]
    found = CHANCE * (random.random(len(options)) - A_DAY_LATE * late)
    for level, gain in zip(model.levels, model.gain_of, strict=True):
        if level.aim == "urgent_first" and gain.party.any():
            found += URGENT / gain.party.max() * gain.party[options.party]
    return np.asarray(found)


def _open(assignment: Assignment, columns: Ints) -> Ints:
    """Those of the options that are lawful still, of people who have none."""
    options = assignment.options
    return assignment.open(columns[assignment.option_of[options.party[columns]] < 0])


def _free(model: Model, assignment: Assignment) -> Ints:
    """Beds of each pool left on each night beside those who have one."""
    free = assignment.free.astype(np.int64)
    chosen = assignment.option_of
    empty = model.alone.kept_empty(chosen[chosen >= 0])
    for pool, first, end in zip(empty.pool, empty.first, empty.end, strict=True):
        free[pool, first:end] -= 1
    return np.asarray(np.maximum(0, free))


def _limits(model: Model, assignment: Assignment, columns: Ints) -> list[Row]:
    """What those who have a bed leave of the limits."""
    chosen = assignment.option_of[assignment.option_of >= 0]
    ones = np.ones(len(chosen))
    left = [
        limit.less(np.rint(limit.usage(model.options, chosen, ones)).astype(np.int64))
        for limit in model.limits.every
        if limit.kind != "room"
    ]
    return limit_rows(left, model.options, columns)


def _give(assignment: Assignment, columns: Ints, taken: Floats, share: float) -> int:
    """Give beds to the surest; how many got one."""
    people = len(np.unique(assignment.options.party[columns]))
    number = max(int((taken > SURE).sum()), round(share * people), A_FEW)
    given = 0
    for option in columns[np.argsort(-taken, kind="stable")[:number]].tolist():
        party = int(assignment.options.party[option])
        if assignment.option_of[party] < 0 and assignment.is_open(option):
            assignment.add(option)
            given += 1
    return given

"""Dive: whole people from a plan in parts, the surest first, the rest solved again beside them.

People who are whole in one programme are given their beds; the next knows only those who are
left, and what is left for them. So what one person's bed costs the others is seen before theirs
are given out, which rounding all at once does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
Flags = npt.NDArray[np.bool_]
SOME = 0.02
"""Flow of an option above which it is looked at."""
A_FEW = 5
"""Options at least whose people are given a bed at each step."""
CHANCE = 0.1
"""Chance that tells equally good plans apart, as a share of one person of the last level."""
URGENT = 0.5
"""What the most urgent person counts for besides, as such a share."""
A_DAY_LATE = 0.1
"""What chance counts a day for after the first that a person could come; it itself is 0 to 1."""
TOLERANCE = 1e-5
STEPS = 1_000
"""Of each programme: a plan that is nearly one is enough."""
CAREFUL, CARELESS = 0.1, 0.3
"""Share of those left who are given a bed at each step: first the surest few, for all that is lost
is lost while most are left; from half of them on more."""


def dived(
    model: Model,
    weights: Mapping[int, int],
    relaxed: Relaxed,
    random: np.random.Generator,
    clock: Clock,
    enough: Callable[[], bool],
    kept: Ints | None = None,
) -> Ints:
    """A lawful choice near `relaxed`, by the options that it takes some of.

    `weights`: what a unit of each level counts for. `enough`: whether to end with those who have a
    bed by then. `kept`: options that people have already; at the end those of higher bands who have
    none may take the beds of others.
    """
    options = model.options
    assignment = Assignment(model)
    if kept is not None:
        assignment.add_all(kept)
    some = relaxed.flow > SOME
    columns, taken = relaxed.columns[some], relaxed.flow[some]
    people, beds = relaxed.people, relaxed.prices.beds
    worth = model.added(weights, columns) + _chance(model, columns, random)
    began = 0
    while not (clock.stopped() or enough()):
        still = _open(assignment, columns)
        columns, taken, worth = columns[still], taken[still], worth[still]
        if not len(columns):
            break
        flow = Flow(model, columns, _free(model, assignment))
        limits = _limits(model, assignment, columns)
        point = stepped(
            flow.rows(limits),
            np.concatenate([-worth, np.zeros(flow.nodes)]),
            carried(flow, taken, people, beds, np.zeros(len(limits))),
            TOLERANCE,
            clock,
            STEPS,
        )
        if point is None:
            break
        taken = point.amounts[: len(columns)]
        people = np.maximum(0.0, -point.duals[: flow.parties])
        worths = -point.duals[flow.parties : flow.parties + flow.nodes]
        beds = night_prices(flow, worths, model.stock.capacity.shape)
        left = len(np.unique(options.party[columns]))
        began = began or left
        share = CAREFUL if 2 * left > began else CARELESS
        if not _give(assignment, columns, taken, max(A_FEW, round(share * left))):
            break
    chosen = assignment.option_of
    return rounded(model, chosen[chosen >= 0])


def _chance(model: Model, columns: Ints, random: np.random.Generator) -> Floats:
    """What tells equally good options apart: urgency, early arrival, and chance."""
    party = model.options.party[columns]
    first = np.array([party.first for party in model.parties], dtype=np.int64)
    late = model.options.arrival[columns] - first[party]
    found = CHANCE * (random.random(len(columns)) - A_DAY_LATE * late)
    for level, gain in zip(model.levels, model.gain_of, strict=True):
        if level.aim == "urgent_first" and gain.party.any():
            found += URGENT / gain.party.max() * gain.party[party]
    return np.asarray(found)


def _open(assignment: Assignment, columns: Ints) -> Flags:
    """Which of the options are lawful still, of people who have none."""
    options, free = assignment.options, np.zeros(len(columns), dtype=bool)
    waiting = assignment.option_of[options.party[columns]] < 0
    free[waiting] = assignment.which_open(columns[waiting])
    return free


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


def _give(assignment: Assignment, columns: Ints, taken: Floats, number: int) -> int:
    """Give beds to the surest, of so many options; how many people got one."""
    given = 0
    for option in columns[np.argsort(-taken, kind="stable")[:number]].tolist():
        party = int(assignment.options.party[option])
        if assignment.option_of[party] < 0 and assignment.is_open(option):
            assignment.add(option)
            given += 1
    return given

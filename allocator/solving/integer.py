"""Integer: whole people among a chosen set of options, by HiGHS on the flow of idle beds.

On the flow its linear programme leaves few people in parts, so that few branches settle the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.flow import Flow, Row
from allocator.solving.highs import loaded, run
from allocator.solving.limit import Limit
from allocator.solving.model import Model
from allocator.solving.options import Indexes, Options

Ints = npt.NDArray[np.int64]
LATE = 0.4
"""Of a unit of the total, for all lost days together."""
GAP = 0.99
"""Totals are whole: a bound less than one above the best found proves it."""
ENDS = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kObjectiveTarget,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
)
"""Ways to end after which what HiGHS says of the bound is to be believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Positions of the options taken (None: nothing found), and a total that no choice passes.

    `bound` is None where no choice at all is lawful.
    """

    taken: Ints | None
    bound: int | None


def best_choice(
    model: Model,
    which: Indexes,
    free: Ints,
    gain: Ints,
    rows: Sequence[Row],
    hint: Ints,
    *,
    bound: int,
    nodes: int,
    seed: int,
    clock: Clock,
    late: Ints | None = None,
) -> Answer:
    """The lawful choice among options `which` of highest total gain.

    `free[pool, night]`: beds left for these options. `hint`: positions of a lawful choice.
    `bound`: a total that no choice passes. `nodes`: of the search tree, at most.
    `late`: days of each option that tell equal totals apart, fewer being better.
    """
    flow = Flow(model, which, free)
    cost = np.concatenate([-gain.astype(np.float64), np.zeros(flow.nodes)])
    slack = 1 - GAP
    if late is not None:
        # All the days that can be lost together count for less than one unit of the total.
        slack = LATE
        most = np.zeros(len(model.parties))
        np.maximum.at(most, model.options.party[which], late)
        cost[: len(which)] += LATE * late / (1.0 + most.sum())
    highs = loaded(
        flow.rows(rows),
        cost,
        whole=len(which),
        mip_rel_gap=0.0,
        mip_abs_gap=GAP,
        mip_max_nodes=nodes,
        objective_target=slack - float(bound),
        random_seed=seed,
        time_limit=max(1.0, clock.left()),
    )
    given = highspy.HighsSolution()
    chosen = np.zeros(len(which))
    chosen[hint] = 1.0
    given.col_value = np.concatenate([chosen, flow.idle(hint)])
    highs.setSolution(given)
    status, info = run(highs, clock.stopped), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(None, None)
    if status not in ENDS or info.mip_node_count < 0:
        return Answer(None, bound)
    top = bound
    if np.isfinite(info.mip_dual_bound):
        top = min(bound, int(np.floor(slack - info.mip_dual_bound)))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, top)
    taken = np.flatnonzero(np.asarray(highs.getSolution().col_value)[: len(which)] > 0.5)
    total = int(gain[taken].sum())
    # A bound below a choice that is there is none.
    return Answer(taken, top if top >= total else bound)


def limit_rows(limits: Sequence[Limit], options: Options, which: Indexes) -> list[Row]:
    """Rows of limits that these options could break. Rooms need none: see `RoomsAlone`."""
    rows = []
    for limit in limits:
        if limit.kind == "room":
            continue
        ordinary = limit.ordinary(options.party[which], options.pool[which])
        positions = np.flatnonzero(ordinary > 0)
        if not len(positions):
            continue
        inside = which[positions]
        days = {*np.unique(options.arrival[inside]).tolist(), *_later(limit, options, inside)}
        for weight, upper in _strictest(limit, options, inside, sorted(days)):
            live = weight > 0
            rows.append(Row(positions[live], weight[live], upper=upper))
    return rows


def _strictest(
    limit: Limit, options: Options, inside: Indexes, days: Sequence[int]
) -> Iterator[tuple[Ints, int]]:
    """Weights and capacity of days that options could break, without those that follow anyway.

    While nobody leaves, each day says as much as the days before it.
    """
    weights = limit.each_day(options, inside)
    last: tuple[Ints, int] | None = None
    for day in days:
        row = weights(day), limit.capacity(day)
        if last is None or _follows(last, row):
            last = row
        elif not _follows(row, last):
            yield from _breakable(last)
            last = row
    if last is not None:
        yield from _breakable(last)


def _follows(row: tuple[Ints, int], other: tuple[Ints, int]) -> bool:
    """Whether the row holds wherever the other does."""
    return row[1] >= other[1] and bool((row[0] <= other[0]).all())


def _breakable(row: tuple[Ints, int]) -> Iterator[tuple[Ints, int]]:
    if int(row[0].sum()) > row[1]:
        yield row


def _later(limit: Limit, options: Options, inside: Indexes) -> list[int]:
    """Nights on which weight can rise without an arrival: fewer left, or a share running out."""
    if limit.on_arrival:
        return []
    nights = limit.nights
    days = set((np.flatnonzero(np.diff(nights) < 0) + 1).tolist())
    if limit.share_until is not None:
        last = limit.share_until[options.party[inside]]
        days |= set((last[last < len(nights) - 1] + 1).tolist())
    return sorted(day for day in days if 0 <= day < len(nights))

"""Steps: a programme taken towards its best by a first-order method, from where another ended.

PDLP (D. Applegate et al., Practical Large-Scale Linear Programming using Primal-Dual Hybrid
Gradient, NeurIPS 2021), as HiGHS has it. It can be begun anywhere: after some columns more, a
fraction of the steps is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.entries import Rows
from allocator.solving.flow import Flow
from allocator.solving.highs import loaded, run
from allocator.solving.prices import bed_worths

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """Where a programme ended, or is to begin: `amounts` of its columns, `duals` of its rows."""

    amounts: Floats
    duals: Floats
    value: float = 0.0
    """What the amounts cost together."""


def stepped(
    rows: Rows,
    cost: Floats,
    begin: Point | None,
    tolerance: float,
    clock: Clock,
    most: int,
) -> Point | None:
    """The programme to within a share of its value; None where HiGHS comes to nothing.

    `most`: steps after which it ends wherever it is.
    """
    highs = loaded(
        rows,
        cost,
        solver="pdlp",
        presolve="off",
        pdlp_iteration_limit=most,
        time_limit=max(1.0, clock.left()),
        pdlp_optimality_tolerance=tolerance,
        primal_feasibility_tolerance=tolerance,
        dual_feasibility_tolerance=tolerance,
        kkt_tolerance=tolerance,
    )
    if begin is not None:
        given = highspy.HighsSolution()
        given.col_value, given.row_dual = begin.amounts, begin.duals
        given.row_value, given.col_dual = np.zeros(len(rows.lower)), np.zeros(len(cost))
        given.value_valid = given.dual_valid = True
        highs.setSolution(given)
    run(highs, clock.stopped)
    solution = highs.getSolution()
    amounts = np.asarray(solution.col_value, dtype=np.float64)
    duals = np.asarray(solution.row_dual, dtype=np.float64)
    if len(amounts) != len(cost) or len(duals) != len(rows.lower):
        return None
    if not (np.isfinite(amounts).all() and np.isfinite(duals).all()):
        return None
    return Point(amounts, duals, float(cost @ amounts))


def carried(flow: Flow, amounts: Floats, people: Floats, beds: Floats, others: Floats) -> Point:
    """A point of the flow from amounts of its columns and prices found on another.

    `people`: of each party's place; `beds`: of nights by pool; `others`: duals of the rows besides.
    """
    idle = np.maximum(0.0, flow.idle_beside(amounts))
    worths = bed_worths(flow, beds)
    return Point(np.concatenate([amounts, idle]), np.concatenate([-people, -worths, others]))

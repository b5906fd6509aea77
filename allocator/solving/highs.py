"""HiGHS: a programme of rows and costs, and how it is solved. One thread: the same every time."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.entries import Rows

Floats = npt.NDArray[np.float64]
Setting = bool | int | float | str


def loaded(rows: Rows, cost: Floats, whole: int = 0, **settings: Setting) -> highspy.Highs:
    """HiGHS with a programme to make as cheap as can be; its first `whole` columns are 0 or 1."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(rows.lower)
    programme.col_cost_ = cost
    programme.col_lower_ = np.zeros(len(cost))
    upper = np.full(len(cost), highspy.kHighsInf)
    upper[:whole] = 1.0
    programme.col_upper_ = upper
    programme.row_lower_, programme.row_upper_ = rows.lower, rows.upper
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = rows.start, rows.index
    programme.a_matrix_.value_ = rows.value
    if whole:
        kind = highspy.HighsVarType
        programme.integrality_ = [kind.kInteger] * whole + [kind.kContinuous] * (len(cost) - whole)
    highs = highspy.Highs()
    for name, setting in {"output_flag": False, "threads": 1, **settings}.items():
        if highs.setOptionValue(name, setting) != highspy.HighsStatus.kOk:
            raise ModelError(f"HiGHS refused the setting {name}")
    if highs.passModel(programme) == highspy.HighsStatus.kError:
        raise ModelError("HiGHS refused the programme")
    return highs


def run(highs: highspy.Highs, stopped: Callable[[], bool]) -> highspy.HighsModelStatus:
    """Let HiGHS solve, and have it end early when `stopped` says so; how it ended."""

    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if stopped():
            event.interrupt()

    for interrupt in (highs.cbSimplexInterrupt, highs.cbIpmInterrupt, highs.cbMipInterrupt):
        interrupt.subscribe(ask)
    highs.run()
    return highs.getModelStatus()

"""Network prices: what one more of each of several resources would add, by linear programming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.entries import Entries
from allocator.solving.highs import loaded, run

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trip:
    """`amount` people alike, each worth so much, who take one of each resource named."""

    worth: float
    amount: float
    resources: tuple[int, ...]


def network_prices(trips: Sequence[Trip], capacity: Floats) -> Floats:
    """Price of each resource when worth is as much as can be; a price is 0 where some is left.

    Raises ModelError when the solver gives no prices.
    """
    if not trips:
        return np.zeros(len(capacity))
    entries = Entries(len(capacity))
    sizes = [len(trip.resources) for trip in trips]
    column = np.repeat(np.arange(len(trips)), sizes)
    row = np.concatenate([np.array(trip.resources, dtype=np.int64) for trip in trips])
    entries.put(row, column, 1.0)
    rows = entries.rows(np.full(len(capacity), -np.inf), capacity.astype(np.float64))
    highs = loaded(rows, np.array([-trip.worth for trip in trips]))
    every = np.arange(len(trips), dtype=np.int32)
    amounts = np.array([trip.amount for trip in trips])
    highs.changeColsBounds(len(trips), every, np.zeros(len(trips)), amounts)
    run(highs, lambda: False)
    dual = -np.asarray(highs.getSolution().row_dual, dtype=np.float64)
    if len(dual) != len(capacity):
        raise ModelError("the programme has no prices")
    return np.maximum(0.0, dual)

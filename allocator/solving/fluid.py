"""Fluid: what a bed-night is worth at each kind of place when people come at steady rates.

The deterministic linear programme of revenue management: people are amounts, beds are bed-nights,
and the price of a place is what one bed-night more would add (K. T. Talluri, G. J. van Ryzin, The
Theory and Practice of Revenue Management, 2004, section 3.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.entries import Entries
from allocator.solving.highs import loaded, run

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stream:
    """People alike: worth of one, bed-nights each takes, and the places that may have them."""

    worth: float
    nights: int
    places: tuple[int, ...]


def fluid_prices(people: Sequence[Stream], bed_nights: Floats) -> Floats:
    """Price of a bed-night at each place, in units of worth; 0 where there is room for all.

    Raises ModelError when the solver gives no prices.
    """
    many: dict[Stream, int] = defaultdict(int)
    for person in people:
        if person.places:
            many[person] += 1
    streams = list(many)
    if not streams:
        return np.zeros(len(bed_nights))
    sizes = [len(stream.places) for stream in streams]
    stream = np.repeat(np.arange(len(streams)), sizes)
    place = np.concatenate([np.array(each.places, dtype=np.int64) for each in streams])
    nights = np.array([each.nights for each in streams], dtype=np.int64)[stream]
    worth = np.array([each.worth for each in streams], dtype=np.float64)[stream]
    every = np.arange(len(stream))
    first = len(streams)
    entries = Entries(first + len(bed_nights))
    entries.put(stream, every, 1.0)
    for length in np.unique(nights).tolist():
        these = np.flatnonzero(nights == length)
        entries.put(first + place[these], these, float(length))
    lower = np.full(first + len(bed_nights), -np.inf)
    upper = np.concatenate([np.array([many[each] for each in streams], float), bed_nights])
    highs = loaded(entries.rows(lower, upper), -worth, solver="ipm", run_crossover="off")
    run(highs, lambda: False)
    dual = -np.asarray(highs.getSolution().row_dual, dtype=np.float64)[first:]
    if len(dual) != len(bed_nights):
        raise ModelError("the programme of steady rates has no prices")
    return np.maximum(0.0, dual)

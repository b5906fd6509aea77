"""Beds: give the stays of each pool to its runs from left to right."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.options import Options
from allocator.solving.stock import Run, Stock


def run_of_each(
    stock: Stock, options: Options, option_of: npt.NDArray[np.int64]
) -> dict[int, tuple[int, Run]]:
    """Number within its pool, and run, of each chosen option.

    Stays are taken by arrival; each gets, of the runs free by then, the one freed last, so that
    gaps stay large. Never more stays than beds meet, so one is always free.
    """
    of_pool: dict[int, list[int]] = defaultdict(list)
    for option in option_of[option_of >= 0]:
        of_pool[int(options.pool[option])].append(int(option))
    found: dict[int, tuple[int, Run]] = {}
    for number, chosen in sorted(of_pool.items()):
        pool = stock.pools[number]
        ready = [run.first for run in pool.runs]
        for option in sorted(chosen, key=lambda o: (int(options.arrival[o]), o)):
            arrival = int(options.arrival[option])
            free = [k for k, day in enumerate(ready) if day <= arrival]
            if not free:
                raise ModelError("more stays than beds in a pool")
            run = max(free, key=lambda k: (ready[k], -k))
            ready[run] = arrival + int(options.nights_of[options.party[option]])
            found[option] = (run, pool.runs[run])
    return found

"""Ready: all that is compiled is compiled before a clock runs.

It takes half a minute the first time on a machine, and well under a second in every process after
that, which loads what was kept. `make setup` calls it, so that nobody waits for it later.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numba
import numpy as np

from allocator.policy import load_policy
from allocator.problem import Problem
from allocator.solving.compiled import chance, exchange, seating
from allocator.solving.model import build_model
from allocator.solving.places import places_of

A_DAY = date(2000, 1, 1)
kind_of: Any = numba.typeof


@cache
def made_ready() -> None:
    """Compile, for what a model's arrays are, every function that is called from outside."""
    model = build_model(Problem(as_of=A_DAY), load_policy())
    places = places_of(model, np.zeros(0, dtype=np.int64), ())
    on, worths, looks = (places.ground, places.seats), places.worths, exchange.no_looks(0, 0, 0)
    some, one = np.zeros(0, dtype=np.int64), 1
    dice, worth = np.zeros(1, dtype=np.uint64), np.zeros(0, dtype=np.float64)
    called: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (seating.which_fit, (*on, some, True)),
        (seating.add, (*on, one)),
        (seating.add_all, (*on, some)),
        (seating.remove, (*on, one)),
        (seating.best_open, (*on, one, worth)),
        (exchange.some_moved, (*on, worths, looks, some)),
        (chance.ways_tried, (*on, worths, some, dice, one)),
    )
    for function, given in called:
        function.compile(tuple(kind_of(value) for value in given))

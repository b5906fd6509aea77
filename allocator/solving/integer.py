"""Integer: CP-SAT on a chosen set of options, for one level with the earlier ones held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from allocator.errors import ModelError
from allocator.solving.limit import Limit
from allocator.solving.options import Indexes, Options

Ints = npt.NDArray[np.int64]
ROW_BUDGET = 2**31
"""A linear row whose absolute coefficients and right-hand side sum past this can make the pinned
OR-Tools (9.15) return a wrong optimum (google/or-tools issue 5293)."""


@dataclass(frozen=True, slots=True)
class Row:
    """Sum of coefficient x option, at most `upper`."""

    options: Ints
    """Positions among the options chosen."""
    coefficients: Ints
    upper: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Positions of the options taken, and whether the best was proven; None: nothing found."""

    taken: Ints | None
    proven: bool


def best_choice(
    options: Options,
    which: Indexes,
    free: npt.NDArray[np.int64],
    gain: Ints,
    rows: Sequence[Row],
    hint: Ints,
    *,
    bound: int,
    work: float,
    seed: int,
    seconds: float = float("inf"),
) -> Answer:
    """The lawful choice among options `which` of highest total gain.

    `free[pool, night]`: beds left for these options. `hint`: positions of a lawful choice.
    `bound`: a total that no choice passes.
    """
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in which]
    for positions in _same(options.party[which]):
        if len(positions) > 1:
            model.add_at_most_one(takes[p] for p in positions)
    for positions, upper in _beds(options, which, free):
        if upper == 1:
            model.add_at_most_one(takes[p] for p in positions)
        elif len(positions) > upper:
            model.add(sum(takes[p] for p in positions) <= int(upper))
    for row in rows:
        _within_budget(row.coefficients, row.upper)
        terms = zip(row.coefficients.tolist(), row.options.tolist(), strict=True)
        model.add(sum(c * takes[p] for c, p in terms) <= int(row.upper))
    wanted = np.flatnonzero(gain)
    _within_budget(gain[wanted], bound)
    total = sum(int(gain[p]) * takes[p] for p in wanted)
    # A known bound lets the search stop the moment it is met.
    model.add(total <= bound)
    model.maximize(total)
    chosen = np.zeros(len(which), dtype=bool)
    chosen[hint] = True
    for p, take in enumerate(takes):
        model.add_hint(take, bool(chosen[p]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = max(1.0, seconds)
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    if status == cp_model.MODEL_INVALID:
        raise ModelError(f"CP-SAT refused the model: {model.validate()}")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, status == cp_model.INFEASIBLE)
    taken = np.array([p for p, take in enumerate(takes) if solver.boolean_value(take)], np.int64)
    return Answer(taken, status == cp_model.OPTIMAL)


def _within_budget(coefficients: Ints, upper: int) -> None:
    if int(np.abs(coefficients).sum()) + abs(int(upper)) >= ROW_BUDGET:
        raise ModelError("a row is past the coefficient budget")


def _beds(
    options: Options, which: Indexes, free: npt.NDArray[np.int64]
) -> list[tuple[list[int], int]]:
    """Sets of options that meet on one night in one pool, and how many beds there are for them.

    A night matters only where an arrival is the last before a departure, or beds become fewer.
    """
    found = []
    pool, arrival, end = options.pool[which], options.arrival[which], options.ends(which)
    for positions in _same(pool):
        here = np.array(positions)
        beds = free[int(pool[here[0]])]
        events = np.unique(arrival[here])
        drops = np.flatnonzero(np.diff(beds) < 0) + 1
        nights = np.unique(np.concatenate([events, drops]))
        last: set[int] = set()
        last_beds = -1
        for night in nights:
            present = here[(arrival[here] <= night) & (night < end[here])]
            now = set(present.tolist())
            beds_now = int(beds[night])
            if last and (not last <= now or beds_now > last_beds):
                found.append((sorted(last), last_beds))
            last, last_beds = now, beds_now
        if last:
            found.append((sorted(last), last_beds))
    return found


def _same(labels: npt.NDArray[np.int32]) -> list[list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for position, label in enumerate(labels.tolist()):
        found[label].append(position)
    return list(found.values())


def limit_rows(limits: Sequence[Limit], options: Options, which: Indexes) -> list[Row]:
    """Rows of limits that these options could break."""
    rows = []
    for limit in limits:
        ordinary = limit.ordinary(options.party[which], options.pool[which])
        positions = np.flatnonzero(ordinary > 0)
        if not len(positions):
            continue
        inside = which[positions]
        seen: set[tuple[bytes, int]] = set()
        for day in (*np.unique(options.arrival[inside]).tolist(), *_later(limit, options, inside)):
            weight, upper = limit.weights(options, inside, day), limit.capacity(day)
            key = (weight.tobytes(), upper)
            if int(weight.sum()) > upper and key not in seen:
                seen.add(key)
                live = weight > 0
                rows.append(Row(positions[live], weight[live], upper))
    return rows


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

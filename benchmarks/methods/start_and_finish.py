"""What the exact peers share: the greedy start, the levels one by one, and the plan at the end."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from allocator.plan import EndedBy, Plan
from benchmarks.methods.as_plan import as_plan
from benchmarks.methods.choices import Person, gains, level_codes, people
from benchmarks.methods.greedy import risk_order_best_fit
from benchmarks.methods.situation import Situation


def greedy_start(situation: Situation) -> dict[str, tuple[int, int]]:
    """Bed and first day by person, of the greedy plan."""
    plan = risk_order_best_fit(situation)
    index, bookings = situation.bed_index, situation.problem.bookings_by_id
    found = {
        p.referral_id: (index[p.bed_id], situation.day(p.stay.arrival)) for p in plan.placements
    }
    for s in plan.seats:
        if bookings[s.booking_id].bed_id is None:
            day = max(0, situation.day(bookings[s.booking_id].stay.arrival))
            found[s.booking_id] = (index[s.bed_id], day)
    return found


def finish(
    situation: Situation,
    found: dict[str, tuple[int, int]],
    bounds: dict[str, int],
    finished: bool,
    effort: str,
) -> Plan:
    """The plan of what was found; bounds are of the model's people alone."""
    seats, placed = seats_and_placed(situation, found)
    # Settled bookings are no part of the model: their share of a level is added to its bound.
    plan = as_plan(situation, seats, placed, effort=effort)
    values = {level.code: level.value for level in plan.levels}
    own = _own_values(situation, found)
    bounds = {code: bound + values[code] - own[code] for code, bound in bounds.items()}
    return as_plan(
        situation,
        seats,
        placed,
        effort=effort,
        ended_by=EndedBy.PROVEN if finished else EndedBy.TIME_LIMIT,
        bounds=bounds,
    )


def seats_and_placed(
    situation: Situation, found: dict[str, tuple[int, int]]
) -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    """Bed by booking, settled ones too, and bed and day by referral."""
    asking = situation.problem.referrals_by_id
    placed = {p: (situation.beds[b], day) for p, (b, day) in found.items() if p in asking}
    seats = {b.id: b.bed_id for b in situation.settled.kept if b.bed_id is not None}
    seats |= {p: situation.beds[b] for p, (b, _) in found.items() if p not in asking}
    return seats, placed


class Model(Protocol):
    """What the levels ask of a model."""

    def reach(
        self, code: str, most: bool, value: int, limit_s: float
    ) -> tuple[dict[str, tuple[int, int]] | None, int | None, bool]:
        """Better beds and days than `value` if there are any, the bound, whether it is met."""

    def fix(self, code: str, most: bool, value: int) -> None:
        """From here on the level may not be worse than the value."""


def level_by_level(situation: Situation, model: Model, limit_s: float, effort: str) -> Plan:
    """Each level in turn with half of the time that is left, from the greedy plan.

    A level that already has all that its people could give it is not solved.
    """
    deadline = time.monotonic() + limit_s
    everyone = [p for p in people(situation) if len(p.beds)]
    worth = {person.id: gains(situation, person) for person in everyone}
    found = greedy_start(situation)
    bounds: dict[str, int] = {}
    finished = True
    for code, most in level_codes(situation):
        value = _value(everyone, worth, found, code)
        easy = _easy_bound(worth, code, most)
        bounds[code] = easy
        left = deadline - time.monotonic()
        if value != easy:
            if left <= 0:
                finished = False
                del bounds[code]
                break
            better, bound, proven = model.reach(code, most, value, left / 2)
            found = better if better is not None else found
            if bound is not None:
                bounds[code] = min(easy, bound) if most else max(easy, bound)
            finished &= proven
            value = _value(everyone, worth, found, code)
        model.fix(code, most, value)
    return finish(situation, found, bounds, finished, effort)


def _easy_bound(worth: dict[str, dict[str, NDArray[np.int64]]], code: str, most: bool) -> int:
    """What everyone's best choice would add up to; nothing where fewest is wanted."""
    if not most:
        return 0
    return sum(max(0, int(gain[code].max())) for gain in worth.values() if code in gain)


def _value(
    everyone: list[Person],
    worth: dict[str, dict[str, NDArray[np.int64]]],
    found: dict[str, tuple[int, int]],
    code: str,
) -> int:
    """What the people of the model add to a level."""
    total = 0
    for person in everyone:
        if person.id in found and code in worth[person.id]:
            bed, day = found[person.id]
            (choice,) = np.flatnonzero((person.beds == bed) & (person.days == day))
            total += int(worth[person.id][code][choice])
    return total


def _own_values(situation: Situation, found: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Values of the levels from the people of the model alone."""
    totals: dict[str, int] = defaultdict(int)
    for person in people(situation):
        if person.id in found:
            bed, day = found[person.id]
            (choice,) = np.flatnonzero((person.beds == bed) & (person.days == day))
            for code, gain in gains(situation, person).items():
                totals[code] += int(gain[choice])
    return totals

"""Chain: the levels in turn, a stretch at a time.

The relaxation leads: for each level of a stretch it says what parts of people can reach, as if
all earlier levels had come out so. Then one search looks for whole people who reach all of it at
once; as a rule there are some, and every level of the stretch is proven. Where there are none,
the first level that is short is settled by a search of its own, and the relaxation leads again
from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.solving.certify import price_bound
from allocator.solving.clock import Clock
from allocator.solving.effort import Effort
from allocator.solving.model import Model
from allocator.solving.parts import parts
from allocator.solving.prices import best_of_each
from allocator.solving.pricing import Closed, Pricing
from allocator.solving.search import Search
from allocator.solving.start import rounded, start

Ints = npt.NDArray[np.int64]
EXCHANGE = 4
"""People of one level that one of the level before counts for, where they are sought together: a
bed given to one person is seldom taken from more than so many others."""


@dataclass(frozen=True)
class LevelEnd:
    """How a level was bounded: by prices, by search, or (neither) as if beds never ran out."""

    bound: int
    closed: Closed | None = None
    seconds: float = 0.0


class Chain:
    """The plan so far, and how each level was bounded; `ends` lacks levels not come to."""

    def __init__(
        self,
        model: Model,
        option_of: Ints,
        effort: Effort,
        seed: int,
        clock: Clock,
    ) -> None:
        self.model, self.effort, self.clock = model, effort, clock
        self.option_of = option_of
        self.pricing = Pricing(model, option_of, effort.per_person, seed, clock)
        self.search = Search(model, effort, seed, clock)
        self.ends: dict[int, LevelEnd] = {}
        self.leads: dict[int, LevelEnd] = {}
        self._plain: dict[int, int] = {}

    @property
    def reached(self) -> tuple[int, ...]:
        """What the plan so far adds up to at each level."""
        return self.model.totals(self.option_of)

    def go(self, levels: Sequence[int], tell: Callable[[int], None]) -> None:
        """Take one stretch as far as time and effort allow; `tell` hears of each level settled."""
        left = list(levels)
        one_by_one = len(self.model.options) <= self.effort.one_by_one
        first_stretch = 0 in left
        if not first_stretch and len(self.model.options) > self.effort.first_stretch_only:
            return
        while left and not self.clock.stopped():
            led = self._lead(left)
            if not led:
                return
            self._leap(led, left)
            settled = self._settled(led)
            if settled < len(led) and one_by_one:
                self._settle(led[settled], led[:settled])
                settled += 1
            for level in left[:settled]:
                self.ends[level] = self.leads[level]
                self.pricing.relaxation.hold(level, self.reached[level])
                tell(level)
            if not one_by_one:
                self._let_be(led[settled:], tell)
                return
            for level in led[settled:]:
                self.pricing.relaxation.targets.pop(level, None)
            left = left[settled:]

    def _let_be(self, levels: Sequence[int], tell: Callable[[int], None]) -> None:
        """Go on from what was found, though the prices let hope for more."""
        for level in levels:
            lead = self.leads[level]
            bound = self.plain(level)
            if lead.closed is not None:
                bound = price_bound(self.model, level, lead.closed.prices, self.reached)
            self.ends[level] = replace(lead, bound=max(bound, self.reached[level]))
            self.pricing.relaxation.hold(level, self.reached[level])
            tell(level)

    def plain(self, level: int) -> int:
        """The bound as if beds never ran out."""
        if level not in self._plain:
            best = best_of_each(self.model, self.model.added({level: 1}))
            self._plain[level] = int(best.sum())
        return self._plain[level]

    # ---- leading --------------------------------------------------------------------------

    def _lead(self, levels: Sequence[int]) -> list[int]:
        """Bound the levels one after another, each as if those before it came out as bounded."""
        reached, attained, led = self.reached, True, []
        for level in levels:
            began = self.clock.elapsed()
            end = self._lead_one(level, reached[level] if attained else None)
            if end is None:
                break
            bound, target = end.bound, end.bound
            if end.closed is not None:
                target = end.closed.reachable
            attained = attained and reached[level] >= target
            self.pricing.relaxation.hold(level, max(target, reached[level]) if attained else target)
            self.leads[level] = LevelEnd(bound, end.closed, seconds=self.clock.elapsed() - began)
            led.append(level)
            if self.clock.stopped() or self.clock.led_long_enough():
                break
        return led

    def _lead_one(self, level: int, value: int | None) -> LevelEnd | None:
        plain = self.plain(level)
        if plain == value or (plain == 0 and self.model.gain_of[level].is_nothing):
            return LevelEnd(plain)
        known = value if value is not None else -(2**62)
        closed = self.pricing.close(level, known, self.effort.rounds)
        if closed is None:
            return None
        return LevelEnd(min(plain, closed.whole), closed)

    # ---- whole people ---------------------------------------------------------------------

    def _settled(self, led: Sequence[int]) -> int:
        """How many levels of the stretch the plan reaches in full."""
        reached, targets = self.reached, self.pricing.relaxation.targets
        for number, level in enumerate(led):
            if reached[level] < targets.get(level, self.leads[level].bound):
                return number
        return len(led)

    def _leap(self, led: Sequence[int], left: Sequence[int]) -> None:
        """Look for whole people who reach all that was led to, and the rest as well as may be."""
        last = next((k for k in reversed(led) if self.leads[k].closed is not None), None)
        if last is None or self._settled(led) == len(led) or self.clock.stopped():
            return
        closed = self.leads[last].closed
        assert closed is not None
        shape = self._shape(led[-1])
        relaxation, random = self.pricing.relaxation, self.pricing.random
        whole = closed.relaxed
        if shape is not None and len(self.model.options) <= self.effort.one_by_one:
            whole = relaxation.solve(shape) or whole
        idle, seen = 0, list[Ints]()
        while idle < self.effort.idle_leaps and not self.clock.stopped():
            corner = relaxation.corner(whole, last if shape is None else shape, random)
            before = self.reached
            seen.append(self.search.flowing(corner or whole, self.effort.leap_options))
            # Two corners together leave more room than one.
            begin = self.option_of
            if corner is not None:
                near = rounded(self.model, corner.columns, corner.flow)
                begin = near if self._score(left, near) > self._score(left, begin) else begin
                self._take(near)
            self._reach(left, last, np.unique(np.concatenate(seen[-2:])), begin)
            if self._settled(led) == len(led):
                return
            idle = 0 if self.reached > before else idle + 1

    def _best_hope(self, level: int) -> int:
        return self.leads[level].bound if level in self.leads else self.plain(level)

    def _together(self, led: Sequence[int]) -> dict[int, int]:
        """Weights of levels that count people, each worth a few of the next; else none."""
        if any(self.model.levels[k].unit != "people" for k in led):
            return {}
        of_worth = [k for k in led if not self.model.gain_of[k].is_nothing]
        return {k: EXCHANGE ** (len(of_worth) - n) for n, k in enumerate(of_worth, 1)}

    def _score(self, led: Sequence[int], option_of: Ints) -> int:
        totals = self.model.totals(option_of)
        return sum(weight * totals[k] for k, weight in self._together(led).items())

    def _reach(self, led: Sequence[int], last: int, which: Ints, begin: Ints) -> None:
        """Counts of people together, each worth a few of the next; else the last, others held."""
        targets = dict(self.pricing.relaxation.targets)
        objective = self._together(led)
        if objective:
            bound = sum(
                weight * min(targets.get(k, 2**31), self._best_hope(k))
                for k, weight in objective.items()
            )
            targets = {k: t for k, t in targets.items() if k in self.ends}
        else:
            objective, bound = {last: 1}, self.leads[last].bound
            targets.pop(last, None)
        cut = parts(self.model, which, self.effort.part_options, self.pricing.random)
        for part in cut:
            if self.clock.stopped():
                break
            found = self.search.look(
                part,
                objective,
                targets,
                begin,
                bound,
                self.effort.leap if len(cut) == 1 else self.effort.part,
                alone=len(cut) > 1,
            )
            if found.option_of is not None:
                begin = start(self.model, found.option_of).option_of
                self._take(begin)

    def _shape(self, led_to: int) -> int | None:
        """A later level that tells equally good plans apart: without one the relaxation takes a
        little of everything, and whole people are hard to find in that."""
        levels = self.model.levels
        return next((k for k in range(led_to + 1, len(levels)) if levels[k].aim == "miles"), None)

    def _settle(self, level: int, before: Sequence[int]) -> None:
        """Search for the best of one level, what was reached before it held."""
        end = self.leads[level]
        value, bound = self.reached[level], end.bound
        if end.closed is None:
            return
        targets = {
            k: t
            for k, t in self.pricing.relaxation.targets.items()
            if (k in self.ends or k in before) and k != level
        }
        corner = self.pricing.relaxation.corner(end.closed.relaxed, level, self.pricing.random)
        for share in (0.0, 0.25, 1.0):
            size = max(1, round(self.effort.candidates * share))
            which, complete = self.search.worth_a_look(end.closed, value, size)
            if not share and not complete:
                which = self.search.flowing(corner or end.closed.relaxed, self.effort.leap_options)
            found = self.search.look(
                which, {level: 1}, targets, self.option_of, bound, self.effort.search
            )
            self._take(found.option_of)
            value = self.reached[level]
            if complete and found.proven and value < bound:
                self.leads[level] = LevelEnd(value, end.closed, end.seconds)
            if value >= self.leads[level].bound or self.clock.stopped():
                return

    def _take(self, option_of: Ints | None) -> None:
        """Keep a choice when it is the better plan, with beds for others that fit beside it."""
        if option_of is None:
            return
        for choice in (option_of, start(self.model, option_of).option_of):
            # Where few miles come before many people, others beside it make a plan worse.
            if self.model.totals(choice) > self.reached:
                self.option_of = choice
                self.pricing.relaxation.take_in(choice[choice >= 0])

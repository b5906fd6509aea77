"""Pricing: bring options into the relaxation until the prices prove what its columns reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.solving.clock import Clock
from allocator.solving.model import Model
from allocator.solving.prices import Prices, best_of_each, bound_at, worths
from allocator.solving.relaxation import Relaxation, Relaxed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TINY = 1e-5
IN_USE = 1e-2
"""Flow of an option above which it stays a column for later levels."""
SHARES = (1.0, 0.5, 0.2)
"""How far from the best prices yet to those of the last programme, one after another until the
bound falls: prices found from few columns swing (in-out separation)."""
LIMIT_DAYS = 12
"""Days of one limit that come in at once."""
MERCY = 1e-2
"""What a loss must be past its limit by before the option is ruled out: more than rounding, and
enough for a certificate to say the same with earlier prices some hundred times over."""
AT_ONCE = 60_000
"""With no more options than this left, all of them are columns from the start."""
IN_THE_END = 200_000
"""With no more options than this left, all of them become columns when rounds have not done."""
ROUNDS_OF_SOME = 3
"""Rounds before that."""
FRESH = 5
"""Options of each person that come in at once, in one round."""


@dataclass(frozen=True)
class Closed:
    """What pricing a level came to: `bound` holds whether it was finished or not."""

    bound: float
    prices: Prices
    loss: Floats
    """Of each option: what it is worth less than the best thing its person could have; <= 0."""
    relaxed: Relaxed
    targets: Mapping[int, int]
    """What earlier levels were to reach."""

    def bound_when(self, reached: Mapping[int, int]) -> float:
        """The bound where earlier levels come to so much."""
        earlier: dict[int, float] = self.prices.earlier
        less = (price * (self.targets[k] - reached[k]) for k, price in earlier.items())
        return self.bound + sum(less)

    @property
    def whole(self) -> int:
        """The bound as a whole number."""
        return floor(self.bound)

    @property
    def reachable(self) -> int:
        """What the columns reach in parts, as a whole number no higher than the bound."""
        return min(self.whole, floor(self.relaxed.value))


class Pricing:
    """A relaxation with the columns that some plan, and chance, suggest."""

    def __init__(
        self,
        model: Model,
        option_of: Ints,
        per_person: int,
        seed: int,
        clock: Clock,
    ) -> None:
        self.model, self.clock = model, clock
        self.random = np.random.default_rng(seed)
        self.relaxation = Relaxation(model, clock)
        if len(model.options) > AT_ONCE:
            self.relaxation.take_in(self._first(per_person))
            self.relaxation.take_in(option_of[option_of >= 0])

    def _first(self, per_person: int) -> Ints:
        """Some options of everyone: near ones by preference, with chance in it."""
        model = self.model
        near = [g for k, g in zip(model.levels, model.gain_of, strict=True) if k.aim == "miles"]
        found = [np.zeros(0, dtype=np.int64)]
        for party in range(len(model.parties)):
            span = model.options.of(party)
            which = np.arange(span.start, span.stop, dtype=np.int64)
            if len(which) > per_person:
                far = -model.gains.at(near[0], which) if near else np.zeros(len(which))
                spread = max(1.0, float(far.max(initial=0)) / 2)
                rank = far + spread * self.random.random(len(which))
                which = which[np.argpartition(rank, per_person)[:per_person]]
            found.append(which)
        return np.concatenate(found)

    def close(self, level: int, value: int, rounds: int) -> Closed | None:
        """Price a level until its bound meets `value`, or what the columns reach.

        None when not even one programme could be solved.
        """
        found: Closed | None = None
        relaxation = self.relaxation
        few: Flags | None = None
        if relaxation.able.sum() <= AT_ONCE:
            relaxation.inside[:] = relaxation.able
        for number in range(rounds):
            if found is not None and (self.clock.stopped() or self.clock.led_long_enough()):
                break
            if number == ROUNDS_OF_SOME and relaxation.able.sum() <= IN_THE_END:
                few = relaxation.inside.copy()
                relaxation.inside[:] = relaxation.able
            relaxed = relaxation.solve(level)
            if relaxed is None:
                break
            fresh, found = self._price(level, relaxed, found)
            finished = found.whole <= floor(relaxed.value)
            if found.whole <= value:
                break
            broken = self._add_broken_limits(relaxed)
            if not broken and (finished or not fresh):
                break
        if found is not None and few is not None:
            # Later levels begin with few columns again: those in use, and those before.
            relaxation.inside &= few
            relaxation.take_in(found.relaxed.columns[found.relaxed.flow > IN_USE])
        return found

    def rule_out(self, level: int, closed: Closed | None, reached: Mapping[int, int]) -> None:
        """Rule out what no plan can hold that reaches so much, at this level and those before.

        A plan comes to no more than the bound and the losses of its options: one whose loss is
        more than the bound is above what is reached cannot be in it.
        """
        if closed is not None:
            loss, bound = closed.loss, closed.bound_when(reached)
        else:
            gain = self.model.added({level: 1})
            best = best_of_each(self.model, gain)
            loss, bound = gain - best[self.model.options.party], float(best.sum())
        mercy = MERCY * max(1.0, abs(bound) / 1e4)
        self.relaxation.rule_out(loss < reached[level] - bound - mercy)

    def _price(self, level: int, relaxed: Relaxed, so_far: Closed | None) -> tuple[int, Closed]:
        """Options brought in, and the best prices yet with the last programme's columns."""
        fresh = 0
        for share in SHARES:
            at = relaxed.prices
            if so_far is not None and share < 1:
                at = so_far.prices.towards(at, share)
            worth = worths(self.model, level, 1.0, at)
            worth[~self.relaxation.able] = -np.inf
            best = best_of_each(self.model, worth)
            bound = float(bound_at(self.model, 1.0, at, self.relaxation.targets, best))
            if bound > relaxed.value + TINY:
                fresh += self._bring_in(worth, relaxed.people if share == 1 else best)
            if so_far is None or bound < so_far.bound:
                loss = worth - best[self.model.options.party]
                return fresh, Closed(bound, at, loss, relaxed, dict(self.relaxation.targets))
        assert so_far is not None
        return fresh, replace(so_far, relaxed=relaxed)

    def _bring_in(self, worth: Floats, people: Floats) -> int:
        """Options that are worth more than their person's place, a few for each person."""
        options = self.model.options
        better = np.flatnonzero(worth > people[options.party] - TINY)
        better = better[~self.relaxation.inside[better]]
        if not len(better):
            return 0
        # The best of each person, with chance among those as good.
        score = worth[better] + 1e-7 * self.random.random(len(better))
        order = better[np.lexsort((-score, options.party[better]))]
        who = options.party[order]
        return self.relaxation.take_in(
            order[np.arange(len(who)) - np.searchsorted(who, who) < FRESH]
        )

    def _add_broken_limits(self, relaxed: Relaxed) -> bool:
        live = relaxed.flow > TINY
        which, flow = relaxed.columns[live], relaxed.flow[live]
        added = False
        for number, limit in enumerate(self.relaxation.limits):
            if limit.kind == "room":
                continue
            over = limit.usage(self.model.options, which, flow) - limit.nights
            # A run of nights with the same people on it is one row.
            first = np.flatnonzero((over > 1e-4) & (np.abs(np.diff(over, prepend=-1)) > 1e-9))
            for day in first[:LIMIT_DAYS]:
                added |= self.relaxation.add_limit(number, int(day))
        return added


def floor(value: float) -> int:
    """The whole number at or below, with some mercy for rounding."""
    return int(np.floor(value + TINY))

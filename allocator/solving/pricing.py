"""Pricing: bring options into the relaxation until the prices prove what its columns reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain
from allocator.solving.clock import Clock
from allocator.solving.model import Model
from allocator.solving.prices import Prices, bound_at, gain_at, none_of, worths_of
from allocator.solving.relaxation import Relaxation, Relaxed
from allocator.solving.strips import Strips

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TINY = 1e-5
HALF_WAY = 0.5
"""How far from the best prices yet to those of the last programme, where those prove less: prices
found from few columns swing (in-out separation)."""


@dataclass(frozen=True, slots=True)
class Care:
    """How exactly each round is solved: `misses`, as a share of its value, by a first-order method
    of so many steps at most. Prices are good wherever it ends."""

    misses: tuple[float, ...]
    steps: int


EXACT = Care((1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-5, 1e-5, 1e-6), 10_000)
"""Coarse first: prices of the first rounds are far off for want of columns, however exact."""
WARM = Care((1e-4, 1e-6), 10_000)
"""Where a programme of all levels together has brought in most columns already."""
LAST = Care((1e-4, 3e-5, 1e-5, 1e-6), 1_000)
"""Where it goes on from that programme itself, in what is left of a short time."""
COARSE = Care((1e-3, 1e-3, 3e-4, 1e-4), 700)
"""For whole people to be made of what the last round comes to, where no bound is wanted."""
SHORT_BY = 0.1
NEARLY = 1e-3
"""What a programme may stop short of its best by: a share of it, and no more than so much."""
LIMIT_DAYS = 12
"""Days of one limit that come in at once."""
MERCY = 1e-2
"""What a loss must be past its limit by before the option is ruled out: more than rounding, and
enough for a certificate to say the same with earlier prices some hundred times over."""
AT_ONCE = 60_000
"""With no more options than this left, all of them are columns from the start."""
FRESH = 20
"""Options of each person that come in at once, in one round: the best of so many pools."""
SINGLY = 2_000_000
"""With no more options than this left, losses are those of options; else of strips of them."""


@dataclass(frozen=True)
class Closed:
    """What pricing a level came to: `bound` holds whether it was finished or not."""

    bound: float
    prices: Prices
    level: int
    best: Floats
    """The most that each party's options are worth."""
    strips: Strips
    """Of the options that were able."""
    relaxed: Relaxed
    targets: Mapping[int, int]
    """What earlier levels were to reach."""

    @cached_property
    def loss(self) -> Floats:
        """Of each option: what it is worth less than the best thing its person could have; <= 0."""
        model, which = self.strips.model, self.strips.which
        gain = gain_at(model, self.level, 1.0, self.prices)
        loss = np.full(len(model.options), -np.inf)
        loss[which] = worths_of(model, gain, self.prices, which)
        loss[which] -= self.best[model.options.party[which]]
        return loss

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
        return min(self.whole, nearly(self.relaxed.value))


class Pricing:
    """A relaxation with the columns that some plan, and chance, suggest."""

    def __init__(
        self,
        model: Model,
        option_of: Ints,
        per_person: int,
        random: np.random.Generator,
        clock: Clock,
    ) -> None:
        self.model, self.clock, self.per_person = model, clock, per_person
        self.random = random
        self.relaxation = Relaxation(model, clock)
        self.enough = clock.led_long_enough
        """Whether what is left of the time is for something else than prices."""
        self._strips: Strips | None = None
        self._strips_of: Flags | None = None
        if len(model.options) > AT_ONCE:
            self.relaxation.take_in(self._first(per_person))
            self.relaxation.take_in(option_of[option_of >= 0])

    def for_another_thread(
        self, option_of: Ints, random: np.random.Generator, clock: Clock
    ) -> Pricing:
        """One of the same options, begun anew."""
        other = Pricing(self.model, option_of, self.per_person, random, clock)
        other._strips, other._strips_of = self.strips, other.relaxation.able
        return other

    def _first(self, per_person: int) -> Ints:
        """Some options of everyone: near ones by preference, with chance in it."""
        model = self.model
        near = [g for k, g in zip(model.levels, model.gain_of, strict=True) if k.aim == "miles"]
        found = [np.zeros(0, dtype=np.int64)]
        for party in range(len(model.parties)):
            which = model.options.every(party)
            if len(which) > per_person:
                far = -model.gains.at(near[0], which) if near else np.zeros(len(which))
                spread = max(1.0, float(far.max(initial=0)) / 2)
                rank = far + spread * self.random.random(len(which))
                which = which[np.argpartition(rank, per_person)[:per_person]]
            found.append(which)
        return np.concatenate(found)

    def close(
        self,
        level: int,
        value: int,
        rounds: int,
        care: Care = EXACT,
        found: Closed | None = None,
    ) -> Closed | None:
        """Price a level until its bound meets `value`, or what the columns reach.

        `found`: what there is of it. None when there is nothing and not even one programme could
        be solved.
        """
        relaxation = self.relaxation
        relaxation.weighs = bool(relaxation.able.sum() > AT_ONCE)
        if not relaxation.weighs:
            relaxation.inside[:] = relaxation.able
        step, last = 0, len(care.misses) - 1 if relaxation.weighs else 0
        for _ in range(rounds):
            if found is not None and self.long_enough():
                break
            relaxed = relaxation.solve(level, care.misses[step], care.steps)
            if relaxed is None:
                break
            fresh, found = self._price(level, relaxed, found)
            if found.whole <= value:
                break
            broken = self._add_broken_limits(relaxed)
            done = found.whole <= nearly(relaxed.value) or not fresh
            if done and step == last and not broken:
                break
            step = last if done else min(last, step + 1)
        return found

    def again(self, closed: Closed) -> Closed | None:
        """The same prices for the options that are able now and what is held now; None where a
        level that they weigh is not held."""
        targets = dict(self.relaxation.targets)
        if not closed.prices.earlier.keys() <= targets.keys():
            return None
        best = self.best_at(closed.level, closed.prices)
        bound = float(bound_at(self.model, 1.0, closed.prices, targets, best))
        return replace(closed, bound=bound, best=best, strips=self.strips, targets=targets)

    def long_enough(self) -> bool:
        """Whether not to begin another programme."""
        return self.clock.stopped() or self.enough()

    def rule_out(self, level: int, closed: Closed | None, reached: Mapping[int, int]) -> None:
        """Rule out what no plan can hold that reaches so much, at this level and those before.

        A plan comes to no more than the bound and the losses of its options: one whose loss is
        more than the bound is above what is reached cannot be in it.
        """
        if closed is None and self.model.gain_of[level].same_everywhere:
            return
        if closed is not None:
            prices, bound = closed.prices, closed.bound_when(reached)
            best = closed.best
        else:
            prices = none_of(self.model)
            best = self.best_at(level, prices)
            bound = float(best.sum())
        least = reached[level] - bound - MERCY * max(1.0, abs(bound) / 1e4)
        gain = gain_at(self.model, level, 1.0, prices)
        strips, party = self.strips, self.model.options.party
        lost = strips.worths(gain, prices) - best[strips.party] < least
        self.relaxation.rule_out(strips.options(np.flatnonzero(lost))[0])
        if strips.number(~lost) <= SINGLY:
            left, _ = strips.options(np.flatnonzero(~lost))
            loss = worths_of(self.model, gain, prices, left) - best[party[left]]
            self.relaxation.rule_out(left[loss < least])

    @property
    def strips(self) -> Strips:
        """The options that are able, as strips."""
        if self._strips is None or self._strips_of is not self.relaxation.able:
            self._strips_of = self.relaxation.able
            self._strips = Strips(self.model, np.flatnonzero(self._strips_of))
        return self._strips

    def best_at(self, level: int, prices: Prices) -> Floats:
        """The most that each party's able options are worth at these prices."""
        gain = gain_at(self.model, level, 1.0, prices)
        return self.strips.best_of_each(self.strips.worths(gain, prices))

    def _price(self, level: int, relaxed: Relaxed, so_far: Closed | None) -> tuple[int, Closed]:
        """Options brought in, and the best prices yet with the last programme's columns."""
        strips, targets = self.strips, dict(self.relaxation.targets)
        gain, worth, best, bound = self._tried(level, relaxed.prices)
        fresh = 0
        if floor(bound) > nearly(relaxed.value):
            fresh = self._bring_in(gain, relaxed.prices, worth, relaxed.people)
        if so_far is None or bound < so_far.bound:
            return fresh, Closed(bound, relaxed.prices, level, best, strips, relaxed, targets)
        between = so_far.prices.towards(relaxed.prices, HALF_WAY)
        _, _, best, bound = self._tried(level, between)
        if bound < so_far.bound:
            return fresh, Closed(bound, between, level, best, strips, relaxed, targets)
        return fresh, replace(so_far, relaxed=relaxed)

    def _tried(self, level: int, at: Prices) -> tuple[Gain, Floats, Floats, float]:
        """What options add and are worth at prices, the best of each party, and the bound."""
        gain = gain_at(self.model, level, 1.0, at)
        worth = self.strips.worths(gain, at)
        best = self.strips.best_of_each(worth)
        return (
            gain,
            worth,
            best,
            float(bound_at(self.model, 1.0, at, self.relaxation.targets, best)),
        )

    def _bring_in(self, gain: Gain, prices: Prices, worth: Floats, people: Floats) -> int:
        """The best option of strips that are worth more than their person's place, a few each."""
        strips = self.strips
        better = worth - people[strips.party]
        which = np.flatnonzero((better > -TINY) & (worth > TINY))
        if not len(which):
            return 0
        # The best of each person, with chance among those as good.
        score = better[which] + 1e-7 * self.random.random(len(which))
        order = which[np.lexsort((-score, strips.party[which]))]
        who = strips.party[order]
        order = order[np.arange(len(who)) - np.searchsorted(who, who) < FRESH]
        options, begin = strips.options(order)
        of_each = worths_of(self.model, gain, prices, options)
        of_each += 1e-7 * self.random.random(len(of_each))
        count = np.diff(np.append(begin, len(of_each)))
        most = np.repeat(np.maximum.reduceat(of_each, begin), count)
        return self.relaxation.take_in(options[of_each == most])

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


def nearly(value: float) -> int:
    """The whole number that an interior point, which stops a little short, is on the way to."""
    return floor(value + min(SHORT_BY, NEARLY * abs(value)))


def floor(value: float) -> int:
    """The whole number at or below, with some mercy for rounding."""
    return int(np.floor(value + TINY))

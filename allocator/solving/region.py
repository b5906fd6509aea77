"""Region: some pools, and the people who are in them or have no bed, solved level by level.

Everyone else stays where they are. A region of all pools and all people is the whole problem, and
then each level's bound is a bound for the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.plan import Sense
from allocator.solving.aims import Gain
from allocator.solving.descent import descend
from allocator.solving.integer import Row, best_choice, limit_rows
from allocator.solving.limits import Limit
from allocator.solving.master import Duals, Master
from allocator.solving.model import Model
from allocator.solving.paths import Best, Paths

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TINY = 1e-6
CENTRING = (0.9, 0.6, 0.0)
"""How far towards the best prices yet those of the master are drawn before paths are priced, one
after another until the bound falls: the master's own prices swing (in-out separation)."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much to do: all counts of deterministic work, never seconds."""

    rounds: int
    """Rounds of pricing a level."""
    candidates: int
    """Options that CP-SAT is given."""
    search: float
    """CP-SAT's deterministic time a try."""
    tries: int
    """Tries of CP-SAT a level, each with the pairs that the one before broke."""
    widening: tuple[float, ...] = (0.25, 1.0)
    """Shares of the candidates to try, one after another until the bound is met."""
    descend_over: int = 60_000
    """Regions with more options than this start from prices found by descent."""
    steps: int = 200
    """Steps of that descent."""


@dataclass(frozen=True)
class LevelEnd:
    """What a level came to in a region. `duals` and `best` gave the bound, when prices did."""

    value: int
    bound: int | None
    duals: Duals | None
    best: Best | None
    by_search: bool = False


class Region:
    """One region over a model and a lawful choice for everybody."""

    def __init__(
        self,
        model: Model,
        option_of: Ints,
        pools: Ints | None = None,
        parties: Ints | None = None,
        seed: int = 0,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.model, self.seed, self.stopped = model, seed, stopped
        self.whole = pools is None
        options = model.options
        every_pool = np.arange(len(model.stock.pools), dtype=np.int64)
        every_party = np.arange(len(model.parties), dtype=np.int64)
        self.pools = every_pool if pools is None else pools
        self.members = every_party if parties is None else parties
        self.option_of = option_of.copy()
        inside = np.zeros(len(model.parties), dtype=bool)
        inside[self.members] = True
        self.outside = np.where(inside, -1, option_of)
        which = self._open_options(inside)
        self.paths = Paths(model.stock, options, which, self.pools)
        self._where = np.full(len(options), -1, dtype=np.int32) if self.whole else None
        if self._where is not None:
            self._where[self.paths.which] = np.arange(len(which), dtype=np.int32)
        self.limits = self._limits_left() + model.limits.companies(options, which)
        self.master = Master(options, self.paths, len(model.parties), seed)
        self.held_levels: list[int] = []

    # ---- what is open ---------------------------------------------------------------------

    def _open_options(self, inside: npt.NDArray[np.bool_]) -> Ints:
        """Options of members in the region's pools that nobody outside rules out."""
        options = self.model.options
        if self.whole:
            return np.arange(len(options), dtype=np.int64)
        mask = np.zeros(len(self.model.stock.pools), dtype=bool)
        mask[self.pools] = True
        parts = []
        for party in self.members:
            span = options.of(int(party))
            parts.append(np.flatnonzero(mask[options.pool[span]]) + span.start)
        which = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        return which[self._undisturbed(which)]

    def _undisturbed(self, which: Ints) -> npt.NDArray[np.bool_]:
        """Whether each option keeps clear of people outside who must be kept apart."""
        limits, options = self.model.limits, self.model.options
        clear = np.ones(len(which), dtype=bool)
        who = options.party[which]
        for a, b, radius in limits.pairs:
            for mine, other in ((a, b), (b, a)):
                theirs = int(self.outside[other])
                if theirs < 0:
                    continue
                there = self.model.stock.pools[int(options.pool[theirs])].premises_id
                near = limits.premises.near(there, radius)
                for k in np.flatnonzero(who == mine):
                    option = int(which[k])
                    here = self.model.stock.pools[int(options.pool[option])].premises_id
                    meets = options.arrival[option] < options.ends(theirs) and options.arrival[
                        theirs
                    ] < options.ends(option)
                    clear[k] &= not (here in near and meets)
        return clear

    def _limits_left(self) -> list[Limit]:
        """Standing limits that touch the region, less what people outside use of them."""
        limits = self.model.limits
        standing = [*limits.standing, *limits.people]
        if self.whole:
            return standing
        mask = np.zeros(len(self.model.stock.pools), dtype=bool)
        mask[self.pools] = True
        outside = self.outside[self.outside >= 0]
        ones = np.ones(len(outside))
        return [
            limit.less(np.rint(limit.usage(self.model.options, outside, ones)).astype(np.int64))
            for limit in standing
            if any((term.pools & mask).any() for term in limit.terms)
        ]

    # ---- levels ---------------------------------------------------------------------------

    def gain(self, gain: Gain) -> Ints:
        """A level's gain of each sorted option here."""
        return self.model.gains.at(gain, self.paths.which)

    def mine(self) -> Ints:
        """The options that members have now."""
        chosen = self.option_of[self.members]
        return chosen[chosen >= 0]

    def total(self, gain: Gain) -> int:
        """The level's total over the members."""
        return int(self.model.gains.at(gain, self.mine()).sum())

    def hold(self, level: int, target: int) -> None:
        """Keep at least `target` of the level's gain from now on."""
        gain = self.gain(self.model.gain_of[level])
        if gain.any():
            self.master.hold(gain, target)
            self.held_levels.append(level)

    def most_each_could(self, gain: Ints) -> int:
        """The plainest bound: everyone their best option, as if beds never ran out."""
        most = np.zeros(len(self.model.parties), dtype=np.int64)
        np.maximum.at(most, self.paths.who, gain)
        return int(most.sum())

    def raise_level(self, level_gain: Gain, work: Work) -> LevelEnd:
        """Do what the work allows for one level, keep the best found, and bound it."""
        gain = self.gain(level_gain)
        value = self.total(level_gain)
        plain = self.most_each_could(gain)
        if plain == value:
            return LevelEnd(value, plain, None, None)
        lowest, duals, best = self._bound(gain, value, work)
        bound = plain if duals is None else min(plain, _floor(lowest))
        if bound <= value or self.stopped():
            return LevelEnd(value, max(bound, value), duals, best)
        value, exact = self._search(gain, level_gain, value, bound, lowest, duals, best, work)
        if exact and bound > value:
            return LevelEnd(value, value, duals, best, by_search=True)
        return LevelEnd(value, bound, duals, best)

    def _bound(self, gain: Ints, value: int, work: Work) -> tuple[float, Duals | None, Best | None]:
        """Price paths until the bound meets the value, or cannot fall further."""
        master = self.master
        master.add_paths(
            self.paths.trace_choice(self.model.stock, self.model.options, self.mine()), gain
        )
        master.aim_for(gain)
        lowest, found, ahead = self._near(gain, work)
        since_limits = float("inf")
        for _ in range(work.rounds):
            if self.stopped():
                break
            duals = master.solve()
            reached = master.value()
            fresh = 0
            for share in CENTRING if found is not None and len(gain) > work.descend_over else (0,):
                at = duals if found is None or not share else found.towards(duals, 1 - share)
                bound, best = master.bound_at(gain, at)
                fresh += master.add_paths(self.paths.trace(best), gain)
                since_limits = min(since_limits, bound)
                if bound < lowest:
                    lowest, found, ahead = bound, at, best
                    break
            if _floor(lowest) <= value:
                break
            gap = since_limits - reached
            if fresh == 0 or gap < TINY or _floor(since_limits) <= _floor(reached):
                if not self._add_broken_limits(master.flows()):
                    break
                since_limits = float("inf")
        return lowest, found, ahead

    def _near(self, gain: Ints, work: Work) -> tuple[float, Duals | None, Best | None]:
        """Prices to start from in a large region, with the paths that they make."""
        master = self.master
        if len(gain) <= work.descend_over or not gain.any():
            return float("inf"), None, None
        size = float(np.abs(gain).max())
        unit = max(1.0, size / 8)
        weights = np.array(
            [
                2.0 * max(2.0, size) if h.gain.max() == 1 and h.gain.min() == 0 else 0.0
                for h in master.held
            ]
        )
        earlier = Duals(np.zeros(len(self.model.parties)), weights, np.zeros(len(master.limits)))
        people = descend(
            self.paths,
            len(self.model.parties),
            master.worth(gain, earlier),
            unit,
            work.steps,
            self.stopped,
            lambda prices: self._take_paths(gain, earlier.with_people(prices)),
        )
        start = earlier.with_people(people)
        bound, best = master.bound_at(gain, start)
        master.add_paths(self.paths.trace(best), gain)
        return bound, start, best

    def _take_paths(self, gain: Ints, duals: Duals) -> None:
        _, best = self.master.bound_at(gain, duals)
        self.master.add_paths(self.paths.trace(best), gain)

    def _add_broken_limits(self, flow: Floats) -> bool:
        added = False
        for limit in self.limits:
            over = limit.usage(self.model.options, self.paths.which, flow) - limit.nights
            for day in np.flatnonzero(over > TINY)[:3]:
                added |= self.master.add_limit(limit, int(day))
        return added

    # ---- whole people ---------------------------------------------------------------------

    def _search(
        self,
        gain: Ints,
        level_gain: Gain,
        value: int,
        bound: int,
        lowest: float,
        duals: Duals | None,
        best: Best | None,
        work: Work,
    ) -> tuple[int, bool]:
        """Look for a better choice with CP-SAT; the value reached, and whether none is better."""
        if duals is None or best is None:
            return value, False
        pairs: list[Limit] = []
        exact = False
        for share in work.widening:
            size = max(1, round(work.candidates * share))
            chosen, complete = self._candidates(gain, value, lowest, duals, best, size)
            value, proven = self._widen(chosen, gain, level_gain, value, bound, pairs, work)
            exact = complete and proven
            if value == bound or exact or self.stopped():
                break
        return value, exact

    def _widen(
        self,
        chosen: Ints,
        gain: Ints,
        level_gain: Gain,
        value: int,
        bound: int,
        pairs: list[Limit],
        work: Work,
    ) -> tuple[int, bool]:
        """Search among the chosen options until a choice breaks no pair; whether that is proven."""
        which = np.sort(self.paths.which[chosen])
        here = self._sorted_positions(which)
        for _ in range(work.tries):
            if self.stopped():
                break
            taken, proven = self._try(which, here, gain, bound, pairs, work)
            if taken is None:
                return value, proven
            option_of = self.outside.copy()
            option_of[self.model.options.party[taken]] = taken
            broken = self.model.limits.broken_pairs(self.model.options, option_of)
            if not broken:
                reached = int(self.model.gains.at(level_gain, taken).sum())
                if reached > value:
                    self.option_of, value = option_of, reached
                return value, proven
            fresh = [limit for limit in broken if limit not in pairs]
            if not fresh:
                raise ModelError("CP-SAT broke a row that it was given")
            pairs += fresh
        return value, False

    def _candidates(
        self, gain: Ints, value: int, lowest: float, duals: Duals, best: Best, size: int
    ) -> tuple[Ints, bool]:
        """Sorted options worth giving to CP-SAT, and whether no other can be in a better plan.

        Price of a plan above its reduced costs: a plan that beats `value` cannot hold an option
        whose reduced cost is below -(lowest - value - 1), where `lowest` is what these prices
        themselves bound the level by.
        """
        paths = self.paths
        worth = self.master.worth(gain, duals) - duals.people[paths.who]
        reduced = worth - (
            best.ahead[paths.arrival, paths.pool] - best.ahead[paths.end, paths.pool]
        )
        able = reduced >= -(lowest - value - 1) - 1e-5
        keep = np.flatnonzero(able)
        complete = len(keep) <= size
        if not complete:
            score = reduced[keep] / max(1.0, float(-np.median(reduced)))
            in_paths = self.master.options_in_paths()
            score += np.where(in_paths[keep], 0.5, 0.0)
            score += np.where(self.master.flows()[keep] > TINY, 100.0, 0.0)
            keep = keep[np.argsort(-score, kind="stable")[:size]]
        return np.union1d(keep, self._sorted_positions(np.sort(self.mine()))), complete

    def _sorted_positions(self, options: Ints) -> Ints:
        """Positions, in the paths' order, of option indexes given in order."""
        if self._where is not None:
            return self._where[options].astype(np.int64)
        order = np.argsort(self.paths.which, kind="stable")
        return order[np.searchsorted(self.paths.which, options, sorter=order)]

    def _try(
        self,
        which: Ints,
        here: Ints,
        gain: Ints,
        bound: int,
        pairs: Sequence[Limit],
        work: Work,
    ) -> tuple[Ints | None, bool]:
        limits = [*self.limits, *pairs]
        left = {id(limit): limit.nights for limit in limits}
        rows = limit_rows(limits, self.model.options, which, left)
        for held in self.master.held:
            inside = held.gain[here]
            where = np.flatnonzero(inside)
            rows.append(Row(where, -inside[where], -held.target))
        hint = np.searchsorted(which, np.sort(self.mine()))
        answer = best_choice(
            self.model.options,
            which,
            self.model.stock.capacity.astype(np.int64),
            gain[here],
            rows,
            hint,
            bound=bound,
            work=work.search,
            seed=self.seed,
        )
        return (None if answer.taken is None else which[answer.taken]), answer.proven


def signed(value: int, sense: Sense) -> int:
    """A level's value from its signed total, and the other way round."""
    return value if sense is Sense.MOST else -value


def _floor(value: float) -> int:
    return int(np.floor(value + TINY))

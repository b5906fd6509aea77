"""Search: whole people, chosen by CP-SAT among some of the options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.clock import Clock
from allocator.solving.effort import Effort
from allocator.solving.integer import Row, best_choice, limit_rows
from allocator.solving.limit import Limit
from allocator.solving.model import Model
from allocator.solving.pricing import TINY, Closed
from allocator.solving.relaxation import Relaxed

Ints = npt.NDArray[np.int64]
SOME = 1e-2
"""Flow of an option above which it is worth a look."""


@dataclass(frozen=True)
class Found:
    """A lawful choice for everybody, or none; and whether no other of those looked at is better."""

    option_of: Ints | None
    proven: bool


class Search:
    """CP-SAT over a model; the pairs of people that it once brought together stay apart after."""

    def __init__(self, model: Model, effort: Effort, seed: int, clock: Clock) -> None:
        self.model, self.effort, self.seed, self.clock = model, effort, seed, clock
        self._pairs: list[Limit] = []

    def look(
        self,
        which: Ints,
        objective: Mapping[int, int],
        targets: Mapping[int, int],
        option_of: Ints,
        bound: int,
        work: float,
        alone: bool = False,
    ) -> Found:
        """The best of the weighted levels among the options `which`, others reaching targets.

        `option_of`: what everyone has now, as a hint. `bound`: a total that no choice passes.
        `alone`: people without an option in `which` stay just as they are.
        """
        model, options = self.model, self.model.options
        movers = np.ones(len(model.parties), dtype=bool)
        if alone:
            movers[:] = False
            movers[options.party[which]] = True
        outside = np.where(movers, -1, option_of)
        mine = option_of[movers & (option_of >= 0)]
        stays = outside[outside >= 0]
        which = np.union1d(which, mine)
        standing = [
            *model.limits.every,
            *model.limits.companies(options, np.union1d(which, stays)),
        ]
        gain = model.added(objective, which)
        bound -= int(model.added(objective, stays).sum())
        held = [self._held(level, target, which, stays) for level, target in targets.items()]
        free = self._free(stays)
        for _ in range(self.effort.tries):
            if self.clock.stopped():
                break
            limits = self._left([*standing, *self._pairs], stays)
            answer = best_choice(
                options,
                which,
                free,
                gain,
                [*limit_rows(limits, options, which), *held],
                np.searchsorted(which, np.sort(mine)),
                bound=bound,
                work=work,
                seed=self.seed,
                seconds=self.clock.left(),
            )
            if answer.taken is None:
                return Found(None, answer.proven)
            chosen = outside.copy()
            chosen[options.party[which[answer.taken]]] = which[answer.taken]
            broken = model.limits.broken_pairs(options, chosen)
            if not broken:
                return Found(chosen, answer.proven)
            fresh = [limit for limit in broken if limit not in self._pairs]
            if not fresh:
                raise ModelError("CP-SAT broke a row that it was given")
            self._pairs += fresh
        return Found(None, False)

    def _held(self, level: int, target: int, which: Ints, stays: Ints) -> Row:
        """The row that those in `which` make up what others leave to be reached."""
        gain = self.model.gain_of[level]
        inside = self.model.gains.at(gain, which)
        where = np.flatnonzero(inside)
        return Row(where, -inside[where], int(self.model.gains.at(gain, stays).sum()) - target)

    def _free(self, stays: Ints) -> Ints:
        """Beds of each pool left on each night beside those who stay as they are."""
        options = self.model.options
        free = self.model.stock.capacity.astype(np.int64)
        for option in stays.tolist():
            free[options.pool[option], options.arrival[option] : options.ends(option)] -= 1
        return free

    def _left(self, limits: Sequence[Limit], stays: Ints) -> list[Limit]:
        """What those who stay as they are leave of the limits."""
        ones = np.ones(len(stays))
        used = (limit.usage(self.model.options, stays, ones) for limit in limits)
        return [
            limit.less(np.rint(use).astype(np.int64))
            for limit, use in zip(limits, used, strict=True)
        ]

    @staticmethod
    def flowing(relaxed: Relaxed, size: int) -> Ints:
        """The options that the relaxation takes most of."""
        order = np.argsort(-relaxed.flow, kind="stable")[:size]
        order = order[relaxed.flow[order] > SOME]
        return relaxed.columns[order]

    def worth_a_look(self, closed: Closed, value: int, size: int) -> tuple[Ints, bool]:
        """Options that a plan better than `value` may hold, and whether they are all of them.

        Such a plan cannot hold an option whose loss is below -(bound - value - 1), where `bound`
        is what these prices themselves bound the level by.
        """
        window = closed.bound - value - 1 + TINY
        able = np.flatnonzero(closed.loss >= -window)
        if len(able) <= size:
            return able, True
        flow = np.zeros(len(closed.loss))
        flow[closed.relaxed.columns] = closed.relaxed.flow
        score = closed.loss[able] / max(1.0, float(-np.median(closed.loss)))
        score += np.where(flow[able] > SOME, 1.0 + flow[able], 0.0)
        return able[np.argpartition(-score, size)[:size]], False

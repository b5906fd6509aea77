"""Search: whole people, chosen by CP-SAT among some of the options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.clock import Clock
from allocator.solving.effort import Effort
from allocator.solving.integer import Row, best_choice, limit_rows
from allocator.solving.limits import Limit
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
            *model.limits.standing,
            *model.limits.people,
            *model.limits.companies(options, np.union1d(which, stays) if alone else which),
        ]
        gain = self._blend(objective, which)
        bound -= int(self._blend(objective, stays).sum())
        held = []
        for level, target in targets.items():
            inside = model.gains.at(model.gain_of[level], which)
            where = np.flatnonzero(inside)
            rest = target - int(model.gains.at(model.gain_of[level], stays).sum())
            held.append(Row(where, -inside[where], -rest))
        free = model.stock.capacity.astype(np.int64)
        for option in stays.tolist():
            span = slice(int(options.arrival[option]), int(options.ends(option)))
            free[options.pool[option], span] -= 1
        for _ in range(self.effort.tries):
            if self.clock.stopped():
                break
            limits = [*standing, *self._pairs]
            ones = np.ones(len(stays))
            left = {
                id(limit): limit.nights
                - np.rint(limit.usage(options, stays, ones)).astype(np.int64)
                for limit in limits
            }
            answer = best_choice(
                options,
                which,
                free,
                gain,
                [*limit_rows(limits, options, which, left), *held],
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

    def _blend(self, objective: Mapping[int, int], which: Ints) -> Ints:
        options = self.model.options
        blended: Ints = self.model.gains.blend(
            objective,
            self.model.gain_of,
            options.party[which],
            options.pool[which],
            options.arrival[which],
        )
        return blended

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

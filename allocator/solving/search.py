"""Search: whole people, chosen among some of the options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.clock import Clock
from allocator.solving.effort import Effort
from allocator.solving.integer import best_choice, limit_rows
from allocator.solving.limit import Limit
from allocator.solving.model import Model
from allocator.solving.pricing import TINY, Closed, floor
from allocator.solving.relaxation import Relaxed
from allocator.solving.scene import Scene
from allocator.solving.start import rounded

Ints = npt.NDArray[np.int64]
FEW = 6_000
"""With no more options than this, who may be in one room with a booking's person is looked at in
the same programme as all else."""
WHOLE_TRIES = 2
"""Tries where people change rooms afterwards: what that cannot mend is better sought in parts."""
MEND = 200
"""Nodes of the tree where people change rooms at one premises."""
SOME = 1e-3
"""Flow of an option above which it is worth a look."""


@dataclass(frozen=True)
class Found:
    """A lawful choice for everybody, or none; and a total that none of those looked at passes."""

    option_of: Ints | None
    bound: int | None
    """None: no choice reaches all that is held."""


class Search:
    """Programmes of whole people; the pairs that one of them brought together stay apart after."""

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
        nodes: int,
        alone: bool = False,
    ) -> Found:
        """The best of the weighted levels among the options `which`, others reaching targets.

        `option_of`: what everyone has now, as a hint. `bound`: a total that no choice that matters
        passes. `alone`: people without an option in `which` stay just as they are.
        """
        scene = Scene(self.model, which, option_of, objective, targets, alone=alone)
        few = alone or len(scene.which) <= FEW
        companies = scene.companies() if few else []
        best: Ints | None = None
        for _ in range(self.effort.tries if few else WHOLE_TRIES):
            if self.clock.stopped():
                break
            limits = [
                *self.model.limits.every,
                *self._pairs,
                *companies,
            ]
            answer = best_choice(
                self.model,
                scene.which,
                scene.free,
                scene.gain,
                [
                    *limit_rows(scene.left(limits), self.model.options, scene.which),
                    *scene.held,
                ],
                scene.hint,
                bound=bound - scene.beside,
                nodes=nodes,
                seed=self.seed,
                clock=self.clock,
                late=scene.late if alone else None,
            )
            if answer.bound is None:
                # Where the plan there is would do, that nothing else does is no proof.
                known = best is not None or scene.reaches(option_of)
                return Found(best, bound if known else None)
            bound = answer.bound + scene.beside
            if answer.taken is None:
                return Found(best, bound)
            chosen = scene.chosen(answer.taken)
            broken = scene.broken(chosen)
            fresh = [limit for limit in broken if limit not in self._pairs]
            if broken and not fresh:
                raise ModelError("HiGHS broke a row that it was given")
            whole = not broken
            if broken and not few and all(limit.kind == "roommates" for limit in broken):
                chosen, broken = self._mended(chosen, broken, objective, targets)
            if broken:
                chosen = rounded(self.model, chosen[chosen >= 0])
            if scene.reaches(chosen) and (best is None or scene.total(chosen) > scene.total(best)):
                best = chosen
            if whole or (best is not None and scene.total(best) >= bound):
                break
            self._pairs += fresh
        return Found(best, bound)

    def _mended(
        self,
        chosen: Ints,
        broken: Sequence[Limit],
        objective: Mapping[int, int],
        targets: Mapping[int, int],
    ) -> tuple[Ints, list[Limit]]:
        """The same people in other rooms of their premises, and the limits broken still.

        Who may be in one room with whom has more rows than all the rest together, and there is
        nearly always a way: it is looked for at each premises by itself.
        """
        model, options = self.model, self.model.options
        of_pool = model.gains.pool_premises
        for premises in sorted({self._where(limit, chosen) for limit in broken}):
            there = np.flatnonzero(chosen >= 0)
            there = there[of_pool[options.pool[chosen[there]]] == premises]
            which = np.concatenate([options.every(party) for party in there.tolist()])
            which = which[of_pool[options.pool[which]] == premises]
            total = int(model.added(objective, chosen[chosen >= 0]).sum())
            found = self.look(which, objective, targets, chosen, total, MEND, alone=True)
            if found.option_of is not None:
                chosen = found.option_of
        return chosen, model.limits.broken_pairs(options, chosen)

    def _where(self, limit: Limit, chosen: Ints) -> int:
        """The premises, by number, of a room that two people may not share."""
        party = int(np.flatnonzero(limit.terms[0].parties)[0])
        return int(self.model.gains.pool_premises[self.model.options.pool[chosen[party]]])

    @staticmethod
    def flowing(relaxed: Relaxed) -> Ints:
        """The options that the relaxation takes some of."""
        return relaxed.columns[relaxed.flow > SOME]

    def likely(self, shape: Closed, size: int) -> Ints:
        """What the relaxation takes some of, and up to `size` others that lose least."""
        flowing = self.flowing(shape.relaxed)
        if len(flowing) >= size:
            return flowing
        return np.union1d(flowing, least(-shape.loss, size))

    def worth_a_look(
        self, closed: Closed, shape: Closed | None, value: int, size: int
    ) -> tuple[Ints, int]:
        """Options that a plan better than `value` may hold, and what plans with others may reach.

        Such a plan cannot hold an option whose loss is below -(bound - value - 1), where `bound`
        is what these prices themselves bound the level by. Where there are too many, those that
        lose least, by the shape among equals.
        """
        window = closed.bound - value - 1 + TINY
        able = np.flatnonzero(closed.loss >= -window)
        if len(able) <= size:
            return able, value
        lost = -closed.loss[able]
        if shape is not None and shape is not closed:
            # In steps, so that those that lose about as little are told apart by the shape.
            step = max(1e-3, float(lost.max()) / 20)
            near = np.lexsort((-shape.loss[able], np.floor(lost / step)))[:size]
        else:
            near = np.argsort(lost, kind="stable")[:size]
        left = np.ones(len(able), dtype=bool)
        left[near] = False
        return able[near], max(value, floor(closed.bound - float(lost[left].min())))


def least(values: npt.NDArray[np.float64], size: int) -> Ints:
    """Where the `size` least of the finite values are."""
    size = min(size, int(np.isfinite(values).sum()))
    return np.argpartition(values, size - 1)[:size] if size else np.zeros(0, dtype=np.int64)

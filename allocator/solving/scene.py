"""Scene: what one look for whole people is about: who may move, what is left, what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from allocator.solving.flow import Row
from allocator.solving.limit import Limit
from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]


class Scene:
    """The options looked at, `which`, with those that people have now, and what others leave."""

    def __init__(
        self,
        model: Model,
        which: Ints,
        option_of: Ints,
        objective: Mapping[int, int],
        targets: Mapping[int, int],
        *,
        alone: bool,
    ) -> None:
        """`alone`: people without an option in `which` stay just as they are."""
        options = model.options
        self.model, self.objective, self.targets = model, objective, targets
        self.movers = np.ones(len(model.parties), dtype=bool)
        if alone:
            self.movers[:] = False
            self.movers[options.party[which]] = True
        self.outside = np.where(self.movers, -1, option_of)
        self.stays = self.outside[self.outside >= 0]
        mine = np.sort(option_of[self.movers & (option_of >= 0)])
        self.which = np.union1d(which, mine)
        self.hint = np.searchsorted(self.which, mine)
        self.gain = model.added(objective, self.which)
        first = np.array([party.first for party in model.parties], dtype=np.int64)
        self.late: Ints = options.arrival[self.which] - first[options.party[self.which]]
        """Days after the first on which the person could come, of each option."""
        self.beside = int(model.added(objective, self.stays).sum())
        """What those who stay add to the total."""
        self.held = [self._held(level, target) for level, target in targets.items()]
        self.free = self._free()

    def companies(self) -> list[Limit]:
        """Limits on who joins a booking's person who may not share, for those in the scene."""
        return self.model.limits.companies(self.model.options, np.union1d(self.which, self.stays))

    def left(self, limits: Sequence[Limit]) -> list[Limit]:
        """What those who stay leave of the limits."""
        ones = np.ones(len(self.stays))
        used = (limit.usage(self.model.options, self.stays, ones) for limit in limits)
        return [
            limit.less(np.rint(use).astype(np.int64))
            for limit, use in zip(limits, used, strict=True)
        ]

    def chosen(self, taken: Ints) -> Ints:
        """The choice for everybody when the options at these positions are taken."""
        found = self.outside.copy()
        found[self.model.options.party[self.which[taken]]] = self.which[taken]
        return found

    def broken(self, chosen: Ints) -> list[Limit]:
        """Limits on pairs that a choice breaks, where one of the pair may move."""
        broken = self.model.limits.broken_pairs(self.model.options, chosen)
        return [limit for limit in broken if limit.concerns(self.movers)]

    def total(self, chosen: Ints) -> int:
        """The objective's total of a choice."""
        return int(self.model.added(self.objective, chosen[chosen >= 0]).sum())

    def reaches(self, chosen: Ints) -> bool:
        """Whether a choice reaches all that is held."""
        return all(
            self.model.gains.total(self.model.gain_of[level], chosen) >= target
            for level, target in self.targets.items()
        )

    def _held(self, level: int, target: int) -> Row:
        """The row that those in `which` make up what others leave to be reached."""
        gain = self.model.gain_of[level]
        inside = self.model.gains.at(gain, self.which)
        beside = self.model.gains.total(gain, self.stays)
        where = np.flatnonzero(inside)
        return Row(where, inside[where], lower=target - beside)

    def _free(self) -> Ints:
        """Beds of each pool left on each night beside those who stay."""
        options = self.model.options
        free = self.model.stock.capacity.astype(np.int64)
        for option in self.stays.tolist():
            free[options.pool[option], options.arrival[option] : options.ends(option)] -= 1
        empty = self.model.alone.kept_empty(self.stays)
        for pool, first, end in zip(empty.pool, empty.first, empty.end, strict=True):
            free[pool, first:end] -= 1
        return np.maximum(0, free)

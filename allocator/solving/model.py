"""Model: a problem under a policy, as the arrays that every part of the solving reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.kept_plan import kept_placements
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving.aims import Gain, Gains, Level, blend, levels_of
from allocator.solving.compiled.ground import Ground, ground_of
from allocator.solving.elsewhere import Elsewhere
from allocator.solving.limits import Limits
from allocator.solving.options import Options, build_options, premises_within
from allocator.solving.parties import Party, parties_of
from allocator.solving.rooms_alone import RoomsAlone
from allocator.solving.settled import Settled, settle
from allocator.solving.stock import Stock, build_stock


@dataclass(frozen=True)
class Model:
    """Everything that stays the same while a plan is looked for."""

    problem: Problem
    policy: Policy
    settled: Settled
    parties: tuple[Party, ...]
    stock: Stock
    options: Options
    limits: Limits
    alone: RoomsAlone
    gains: Gains
    elsewhere: Elsewhere | None
    """What there is besides the options listed; None: they are all there are."""
    levels: tuple[Level, ...]
    gain_of: tuple[Gain, ...]
    """The gain of each level, in order."""

    def added(
        self,
        weights: Mapping[int, int] | Mapping[int, float],
        which: npt.NDArray[np.int64] | slice = slice(None),
    ) -> npt.NDArray[Any]:
        """What options add to levels, by number, times their weights; of all options, or some."""
        return self.gains.at(blend(weights, self.gain_of), which)

    def totals(self, option_of: npt.NDArray[np.int64]) -> tuple[int, ...]:
        """The signed total of every level: a better plan has a larger tuple."""
        return tuple(self.gains.total(gain, option_of) for gain in self.gain_of)

    @cached_property
    def ground(self) -> Ground:
        """The same as plain arrays, for what is compiled."""
        return ground_of(self.stock, self.options, self.parties, self.limits)

    @cached_property
    def asked_for(self) -> npt.NDArray[np.float64]:
        """People who could use each pool, for each bed in it."""
        asked = np.bincount(self.options.pairs.pool, minlength=len(self.stock.pools))
        return np.asarray(asked / (self.stock.capacity.mean(axis=1) + 0.1))


def build_model(
    problem: Problem,
    policy: Policy,
    *,
    displacement: bool = False,
    keep: Plan | None = None,
    some_unseated: bool = False,
) -> Model:
    """Apply the bed rules, cut the beds into pools, and list every option.

    `some_unseated`: not every booking can have a bed. Then nobody is moved, and bookings without
    a bed are counted at their premises.
    """
    settled = settle(problem, policy, displacement)
    parties = parties_of(problem, policy, settled, displacement and not some_unseated)
    days = max((party.last + party.nights for party in parties), default=0) + 1
    candidates = Candidates(problem, policy)
    stock = build_stock(problem, candidates, settled, days)
    within = premises_within(problem, stock, parties)
    options = build_options(problem, policy, candidates, settled, stock, parties, within)
    limits = Limits(problem, policy, settled, stock, parties, some_unseated=some_unseated)
    kept = kept_placements(keep, problem)
    gains = Gains(problem, policy, candidates, stock, parties, options, kept)
    levels = levels_of(policy, displacement, bool(kept))
    return Model(
        problem,
        policy,
        settled,
        parties,
        stock,
        options,
        limits,
        RoomsAlone(limits.standing, stock, options),
        gains,
        None if within is None else Elsewhere(candidates, stock, parties),
        levels,
        tuple(gains.of(level) for level in levels),
    )

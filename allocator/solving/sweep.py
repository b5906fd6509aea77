"""Sweep: a large problem gone through in regions, each made better while the rest stands still.

The regions of one sweep have no bed and nobody in common: each is solved against the plan that the
sweep began with, and the answers are joined in order, so they could be solved in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.solving.effort import Effort
from allocator.solving.model import Model
from allocator.solving.region import Region, Work

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Share:
    """What the regions of one sweep have in common."""

    model: Model
    option_of: Ints
    regions: list[tuple[Ints, Ints]]
    levels: int
    work: Work
    seed: int
    stopped: Callable[[], bool]

    def solve(self, number: int) -> Ints:
        """The members' options after the region has been solved again, or as they were."""
        pools, parties = self.regions[number]
        region = Region(self.model, self.option_of, pools, parties, self.seed, self.stopped)
        for level, gain in enumerate(self.model.gain_of[: self.levels]):
            if self.stopped():
                break
            end = region.raise_level(gain, self.work)
            region.hold(level, end.value)
        better = self.model.totals(region.option_of) > self.model.totals(self.option_of)
        return region.option_of[parties] if better else self.option_of[parties]


def sweep(
    model: Model,
    option_of: Ints,
    effort: Effort,
    seed: int,
    stopped: Callable[[], bool],
    tell: Callable[[str], None],
) -> Ints:
    """A plan at least as good: first sweeps for who is placed, then for where and when."""
    counts = 1 + max(
        (k for k, level in enumerate(model.levels) if level.aim == "placed"), default=0
    )
    stages = [(counts, effort.region, "who is placed")] * effort.sweeps
    stages += [(len(model.levels), effort.finish, "where and when")]
    for number, (levels, work, what) in enumerate(stages):
        regions = cut(model, option_of, effort.region_options, seed + number)
        share = _Share(model, option_of, regions, levels, work, seed, stopped)
        for k, found in enumerate(share.solve(n) for n in range(len(regions))):
            tell(f"{what}: region {k + 1} of {len(regions)}, sweep {number + 1} of {len(stages)}")
            option_of = _joined(model, option_of, regions[k][1], found)
        if stopped():
            break
    return option_of


def _joined(model: Model, option_of: Ints, parties: Ints, found: Ints) -> Ints:
    """The plan with one region's answer, unless it clashes with a region joined before it."""
    joined = option_of.copy()
    joined[parties] = found
    taken = joined[joined >= 0]
    ones = np.ones(len(taken))
    clash = model.limits.broken_pairs(model.options, joined) or any(
        (limit.usage(model.options, taken, ones) > limit.nights + 0.5).any()
        for limit in model.limits.people
    )
    return option_of if clash else joined


def cut(model: Model, option_of: Ints, size: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Regions of whole premises, with those who are in them and a share of those without a bed.

    Premises are taken estate by estate in random order, so that no two sweeps cut alike.
    """
    random = np.random.default_rng(seed)
    premises = model.problem.premises
    shuffle = random.permutation(len(premises))
    order = sorted(range(len(premises)), key=lambda i: (premises[i].gender, shuffle[i]))
    per_pool = np.bincount(model.options.pool, minlength=len(model.stock.pools))
    housed = float((option_of >= 0).mean()) or 1.0
    number_of_regions = max(1.0, (len(model.options) * housed / size) ** 0.5)
    target = len(model.options) / number_of_regions
    groups: list[list[Ints]] = [[]]
    weight = 0.0
    for i in order:
        pools = np.array(model.limits.premises.pools_at.get(premises[i].id, []), dtype=np.int64)
        if weight > target and groups[-1]:
            groups.append([])
            weight = 0.0
        groups[-1].append(pools)
        weight += float(per_pool[pools].sum())
    return _with_people(model, option_of, [np.concatenate(g) for g in groups if g], random)


def _with_people(
    model: Model, option_of: Ints, groups: list[Ints], random: np.random.Generator
) -> list[tuple[Ints, Ints]]:
    group_of = np.full(len(model.stock.pools), -1, dtype=np.int64)
    for number, pools in enumerate(groups):
        group_of[pools] = number
    owner = np.full(len(model.parties), -1, dtype=np.int64)
    has = option_of >= 0
    owner[has] = group_of[model.options.pool[option_of[has]]]
    for party in np.flatnonzero(~has):
        able = np.unique(group_of[model.options.pool[model.options.of(int(party))]])
        if len(able):
            owner[party] = int(random.choice(able))
    return [
        (np.sort(pools), np.flatnonzero(owner == number)) for number, pools in enumerate(groups)
    ]

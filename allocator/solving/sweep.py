"""Sweep: a large problem gone through in regions, each made better while the rest stands still."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from allocator.solving.effort import Effort
from allocator.solving.model import Model
from allocator.solving.region import Region

Ints = npt.NDArray[np.int64]


def sweep(
    model: Model,
    option_of: Ints,
    effort: Effort,
    seed: int,
    workers: int,
    stopped: Callable[[], bool],
    tell: Callable[[str], None],
) -> Ints:
    """A plan at least as good, level by level, after the effort's sweeps."""
    for number in range(effort.sweeps):
        regions = cut(model, option_of, effort.region_options, seed + number)
        for k, (pools, parties) in enumerate(regions):
            if stopped():
                return option_of
            tell(f"sweep {number + 1}, region {k + 1} of {len(regions)}")
            option_of = better(model, option_of, pools, parties, effort, seed, stopped)
    return option_of


def better(
    model: Model,
    option_of: Ints,
    pools: Ints,
    parties: Ints,
    effort: Effort,
    seed: int,
    stopped: Callable[[], bool],
) -> Ints:
    """The choice with one region solved again, or as it was when that is no better."""
    region = Region(model, option_of, pools, parties, seed, stopped)
    for level, gain in enumerate(model.gain_of):
        if stopped():
            break
        end = region.raise_level(gain, effort.region)
        region.hold(level, end.value)
    if model.totals(region.option_of) > model.totals(option_of):
        return region.option_of
    return option_of


def cut(model: Model, option_of: Ints, size: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Regions of whole premises, with those who are in them and a share of those without a bed.

    Premises are taken in order of area and then at random, so that sweeps cut differently.
    """
    random = np.random.default_rng(seed)
    premises = list(model.problem.premises)
    shuffle = random.permutation(len(premises))
    order = sorted(range(len(premises)), key=lambda i: (premises[i].gender, shuffle[i]))
    pools_of = [
        np.array(model.limits.premises.pools_at.get(premises[i].id, []), dtype=np.int64)
        for i in order
    ]
    per_pool = np.bincount(model.options.pool, minlength=len(model.stock.pools))
    inside = (option_of >= 0).mean()
    target = size / max(0.02, float(1 - inside) + size / max(1, len(model.options)))
    groups: list[list[Ints]] = [[]]
    weight = 0.0
    for pools in pools_of:
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
        able = able[able >= 0]
        if len(able):
            owner[party] = int(random.choice(able))
    return [
        (np.sort(pools), np.flatnonzero(owner == number)) for number, pools in enumerate(groups)
    ]

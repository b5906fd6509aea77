"""Order: what options add to the levels, as few whole numbers that compare as the policy orders.

Each level is a digit, wide enough that what four people gain and lose together never carries into
the next; as many levels as fit share one number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.solving.aims import Gain, blend
from allocator.solving.model import Model

Ints = npt.NDArray[np.int64]
ROOM = 2**60
"""What one number may come to: less than a whole number of 64 bits holds."""
PEOPLE = 8
"""Options in a comparison: what four people have after a change and before it."""


@dataclass(frozen=True)
class Order:
    """`blends`: of the first levels first. `held`: of levels that no change may touch."""

    model: Model
    blends: tuple[Gain, ...]
    held: tuple[Gain, ...] = ()


def order_of(model: Model, held: Collection[int] = ()) -> Order:
    """The order of a model's levels; those in `held` are to stay as they are."""
    levels = range(len(model.levels))
    return Order(
        model,
        _blends(model, [k for k in levels if k not in held]),
        _blends(model, [k for k in levels if k in held]),
    )


def _blends(model: Model, levels: Sequence[int]) -> tuple[Gain, ...]:
    groups: list[dict[int, int]] = [{}]
    weight = 1
    for level in reversed(levels):
        width = 2 * PEOPLE * _most(model, level) + 1
        if weight * width > ROOM:
            groups.append({})
            weight = 1
        groups[-1][level] = weight
        weight *= width
    return tuple(blend(group, model.gain_of) for group in reversed(groups) if group)


def _most(model: Model, level: int) -> int:
    """No option adds more to the level, or takes more from it."""
    gain, parties = model.gain_of[level], model.parties
    found = np.abs(gain.party)
    if gain.slope is not None:
        first = np.array([party.first for party in parties], dtype=np.int64)
        last = np.array([party.last for party in parties], dtype=np.int64)
        ends = [np.abs(gain.party + gain.slope * day) for day in (first, last)]
        found = np.maximum(*ends)
    if gain.by_pair is not None:
        found = found + model.options.pairs.most(np.abs(gain.by_pair))
    return int(found.max(initial=0)) + (int(abs(gain.exactly)) if gain.exact else 0)

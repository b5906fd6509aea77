"""Small helpers for drawing: flags at given rates, choices by share, whole-number shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.streams import Streams

T = TypeVar("T")
K = TypeVar("K")


def flags(streams: Streams, name: str, rates: Mapping[K, float], count: int) -> list[frozenset[K]]:
    """For each of `count` things, the keys that came up; every key has its own stream."""
    drawn = {key: streams(f"{name}/{key}").random(count) < rate for key, rate in rates.items()}
    return [frozenset(key for key, hits in drawn.items() if hits[n]) for n in range(count)]


def choices(
    streams: Streams, name: str, options: Sequence[T], shares: Iterable[float], count: int
) -> list[T]:
    """`count` options, each with its share of the chance (shares need not add up to 1)."""
    weights = np.array(list(shares), dtype=np.float64)
    edges = np.cumsum(weights / weights.sum())
    picks = np.searchsorted(edges, streams(name).random(count), side="right")
    return [options[min(pick, len(options) - 1)] for pick in picks]


def yes(streams: Streams, name: str, rate: float, count: int) -> NDArray[np.bool_]:
    """`count` answers that are yes at this rate."""
    return streams(name).random(count) < rate


def whole(streams: Streams, name: str, least: int, most: int, count: int) -> list[int]:
    """`count` whole numbers from `least` to `most`, both included."""
    return [int(n) for n in streams(name).integers(least, most + 1, count)]


def split(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `total` (largest remainder).

    Each is at least `least`, unless `total` is too small for that.
    """
    spare = max(0, total - least * len(weights))
    floor = least if total >= least * len(weights) else 0
    exact = [spare * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_remainder[: spare - sum(parts)]:
        parts[n] += 1
    return [part + floor for part in parts]

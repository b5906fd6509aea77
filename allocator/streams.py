"""Named streams of random numbers: drawing one thing more never shifts another."""

from __future__ import annotations

import hashlib

import numpy as np


class Streams:
    """A family of generators, one for each name, all from one seed.

    The stream of a name depends on the seed and the name alone, not on what else was asked for.
    """

    def __init__(self, seed: int, within: str = "") -> None:
        self._seed, self._within = seed, within

    def family(self, name: str) -> Streams:
        """The streams of one part: two parts may then use the same names and share no number."""
        return Streams(self._seed, f"{self._within}{name}/")

    def __call__(self, name: str) -> np.random.Generator:
        """A fresh generator at the beginning of the stream with this name."""
        digest = hashlib.sha256((self._within + name).encode()).digest()
        key = tuple(int.from_bytes(digest[at : at + 4], "big") for at in range(0, 16, 4))
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=key))

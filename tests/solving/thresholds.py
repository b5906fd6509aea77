"""Sizes past which the solver works otherwise, brought down to those of the brute-force cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from allocator.solving import chain, pricing, search
from allocator.solving.effort import EFFORTS


@contextmanager
def as_if_large() -> Iterator[None]:
    """Few columns first, rooms mended afterwards, looks in parts, later levels tidied."""
    small = {
        name: replace(effort, per_person=2, part_options=8, candidates=12)
        for name, effort in EFFORTS.items()
    }
    with (
        patch.object(search, "FEW", 0),
        patch.object(pricing, "AT_ONCE", 0),
        patch.object(chain, "MANY", 0),
        patch.dict(EFFORTS, small),
    ):
        yield

"""Commit by: other days before release by which a bed is made firm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from allocator.closed import CLOSED
from allocator.simulate.changes.inputs import Inputs

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class CommitByDays:
    """One value for each band, band 1 first, in place of the policy's `commit_by_days`."""

    __pydantic_config__ = CLOSED

    days: tuple[int, ...]
    kind: Literal["commit_by"] = "commit_by"

    def __post_init__(self) -> None:
        if not all(0 <= each <= MOST_DAYS for each in self.days):
            raise ValueError(f"days must be from 0 to {MOST_DAYS}")

    def applied(self, inputs: Inputs) -> Inputs:
        bands = len(inputs.policy.bands)
        if len(self.days) != bands:
            raise ValueError(f"days has {len(self.days)} values; the policy has {bands} bands")
        return replace(inputs, policy=replace(inputs.policy, commit_by_days=self.days))

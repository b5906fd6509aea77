"""Progress: what a solve says of itself while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve is. `level` is a level's code, or empty before the first level.

    `value` and `bound` are in the level's unit; None: none is known yet.
    """

    level: str
    value: int | None
    bound: int | None
    elapsed_s: float
    note: str = ""

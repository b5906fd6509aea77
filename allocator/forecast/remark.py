"""Remarks: what a forecast rests on, told with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from allocator.closed import CLOSED

RATE = "rate"
"""What a remark on the rate of all referrals is about."""


class Kind(StrEnum):
    """What was done about a thing."""

    KEPT = "kept"
    NOT_KEPT = "not kept"
    POOLED = "pooled"
    PRIOR = "prior"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was kept, left out, pooled, or taken from the prior, and why."""

    __pydantic_config__ = CLOSED

    kind: Kind
    about: str
    text: str

"""Closed: a value read from JSON has the fields it has, and a misspelt one is a fault."""

from __future__ import annotations

from typing import Literal, TypedDict


class _Config(TypedDict):
    extra: Literal["forbid"]


CLOSED: _Config = {"extra": "forbid"}
"""Pydantic reads it as `__pydantic_config__` of a dataclass."""

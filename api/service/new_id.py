"""New ids: random, so that they say nothing."""

from __future__ import annotations

from uuid import uuid4


def new_id() -> str:
    """An id that nothing else has."""
    return str(uuid4())

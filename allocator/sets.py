"""Sets that are always written in the same order, so that equal problems give equal files."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import PlainSerializer

T = TypeVar("T")

SetOf = Annotated[frozenset[T], PlainSerializer(sorted, return_type=list, when_used="json")]
"""A frozen set, written to JSON sorted."""

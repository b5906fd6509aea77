"""By many: long lists of ids in pieces that a statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from api.store.apply import MANY

T = TypeVar("T")


def by_many(values: Sequence[T], many: int = MANY) -> Iterator[Sequence[T]]:
    """The values in their order, at most so many at once."""
    for first in range(0, len(values), many):
        yield values[first : first + many]

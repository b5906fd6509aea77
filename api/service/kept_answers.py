"""Kept answers: what follows from a finished plan alone, worked out once and kept a while.

A finished plan never changes, but its documents may be erased: then nothing of it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from api.service.documents import require_kept
from api.store.last_few import LastFew
from api.store.values import Row

T = TypeVar("T")
MOST = 12


class KeptAnswers(Generic[T]):
    """Answers of one kind, by plan and by what was asked of it; the last few are kept."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: LastFew[T] = LastFew(most)

    def of(self, connection: Connection, run: Row, make: Callable[[], T], *asked: Any) -> T:
        """The answer. Raises NotThereError when the plan's documents are gone."""
        require_kept(connection, run["snapshot"], run["plan"])
        key = (str(run["plan"]), *map(str, asked))
        found = self._kept.get(key)
        if found is None:
            found = make()
            self._kept.put(key, found)
        return found

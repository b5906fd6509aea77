"""Kept answers: what follows from a finished plan alone, worked out once and kept a while.

A finished plan never changes, but its documents may be erased: then nothing of it is told.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from api.service.documents import require_kept
from api.store.values import Row

T = TypeVar("T")
MOST = 12


class KeptAnswers(Generic[T]):
    """Answers of one kind, by plan and by what was asked of it; the last few are kept."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], T] = OrderedDict()

    def of(self, connection: Connection, run: Row, make: Callable[[], T], *asked: Any) -> T:
        """The answer. Raises NotThereError when the plan's documents are gone."""
        require_kept(connection, run["snapshot"], run["plan"])
        key = (str(run["plan"]), *map(str, asked))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

"""Kept verdicts: what came of judging a record, kept while what it rests on is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 10_000
"""Records of which it is kept: more than a national plan has proposals."""


class KeptVerdicts(Generic[T]):
    """By record, the verdict and what it rests on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[object, T]] = OrderedDict()

    def get(self, identifier: str, key: object) -> T | None:
        """The verdict, where it was found on this very ground; None: it is to be judged."""
        with self._lock:
            kept = self._kept.get(identifier)
            return kept[1] if kept is not None and kept[0] == key else None

    def put(self, identifier: str, key: object, verdict: T) -> None:
        """Keep it; the oldest goes where there are too many."""
        with self._lock:
            self._kept[identifier] = key, verdict
            self._kept.move_to_end(identifier)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

"""Watchers: how many runs and studies one actor may watch at once here; each holds a connection."""

from __future__ import annotations

import threading
from collections import Counter

from api.service.refusals import TooManyError

MOST = 10
AGAIN_S = 30


class Watchers:
    """How many of each actor's there are."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._there: Counter[str] = Counter()

    def enter(self, actor_id: str) -> None:
        """One more. Raises TooManyError when there are too many; else `leave` must follow."""
        with self._lock:
            if self._there[actor_id] >= self._most:
                raise TooManyError(
                    f"you watch {self._most} runs and studies already: stop watching one",
                    code="too-many-watched",
                    retry_after_s=AGAIN_S,
                )
            self._there[actor_id] += 1

    def leave(self, actor_id: str) -> None:
        """One less."""
        with self._lock:
            self._there[actor_id] -= 1
            if not self._there[actor_id]:
                del self._there[actor_id]


WATCHERS = Watchers()

"""How fast one may ask: a bucket that fills at a steady rate and holds a burst."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from api.service.refusals import TooManyError
from api.settings import Settings

_MOST_KEYS = 10_000


class Buckets:
    """One bucket a key. In memory: after a restart every bucket is full."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._lock = threading.Lock()
        # What was left when it was last looked at, and when that was; oldest look first.
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Take one, and 0; or seconds until there is one to take."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._left[key] = (left if wait else left - 1, now)
            if len(self._left) > _MOST_KEYS:
                self._forget(now)
            return wait

    def _forget(self, now: float) -> None:
        """Drop buckets that are full again, which are as good as none, and always the oldest."""
        whole = self._burst / self._per_second
        self._left = {key: told for key, told in self._left.items() if now - told[1] < whole}
        while len(self._left) > _MOST_KEYS // 2:
            del self._left[next(iter(self._left))]


class Rates:
    """The two limits: of one actor, and of one network address whoever is behind it."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._actors = Buckets(settings.requests_per_second, settings.burst, clock)
        self._addresses = Buckets(
            settings.address_requests_per_second, settings.address_burst, clock
        )

    def take_actor(self, actor_id: str) -> None:
        """Count a request of this actor; TooManyError when it is one too many."""
        _refuse(self._actors.take(actor_id))

    def take_address(self, address: str) -> None:
        """Count a request from this address; TooManyError when it is one too many."""
        _refuse(self._addresses.take(address))


def _refuse(wait_s: float) -> None:
    if wait_s > 0:
        raise TooManyError("Too many requests in too short a time.", retry_after_s=wait_s)

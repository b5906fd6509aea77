"""Kept verdicts: what came of judging a record, kept while what it rests on is the same."""

from __future__ import annotations

from typing import Generic, TypeVar

from api.store.last_few import LastFew

T = TypeVar("T")
MOST = 10_000
"""Records of which it is kept: more than a national plan has proposals."""


class KeptVerdicts(Generic[T]):
    """By record, the verdict and what it rests on."""

    def __init__(self) -> None:
        self._kept: LastFew[tuple[object, T]] = LastFew(MOST)

    def get(self, identifier: str, key: object) -> T | None:
        """The verdict, where it was found on this very ground; None: it is to be judged."""
        kept = self._kept.get(identifier)
        return kept[1] if kept is not None and kept[0] == key else None

    def put(self, identifier: str, key: object, verdict: T) -> None:
        """Keep it instead of the one before."""
        self._kept.put(identifier, (key, verdict))

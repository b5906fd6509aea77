"""Kept states: what follows from a register as it stands, kept until something is recorded."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from api.store.chain import head
from api.store.last_few import LastFew
from api.store.tables import EVENTS

T = TypeVar("T")
MOST = 4


class KeptStates(Generic[T]):
    """Answers of one kind, by the last event's hash and by what was asked; the last few are kept.

    Every change of a record is an event, so what is the same up to its hash is the same.
    """

    def __init__(self, most: int = MOST) -> None:
        self._kept: LastFew[T] = LastFew(most)

    def of(self, connection: Connection, make: Callable[[], T], *asked: Hashable) -> T:
        """The answer; whoever is given it changes nothing of it."""
        key = (head(connection, EVENTS), *asked)
        found = self._kept.get(key)
        if found is None:
            found = make()
            self._kept.put(key, found)
        return found

    def found(self, connection: Connection, *asked: Hashable) -> T | None:
        """The answer, where it was made already."""
        return self._kept.get((head(connection, EVENTS), *asked))

"""Register: the way in to read and to change, with the clock and the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from allocator.policy import Policy, load_policy
from api.access.actor import Actor
from api.service.change import Change
from api.service.clock import Clock
from api.service.refusals import InvalidError
from api.service.wanted import flag_wanting
from api.store.database import Database
from api.store.tables import ANSWERS
from api.store.values import canonical, sha256


@dataclass(frozen=True, slots=True)
class Answer:
    """What a change answers: kept, so that the same request gets it again."""

    status: int
    body: Any
    etag: str | None = None
    location: str | None = None
    repeated: bool = False


class _Rehearsed(Exception):  # noqa: N818
    """It could be done, and is undone."""


@dataclass(frozen=True)
class Register:
    """One register. Not tied to a thread."""

    database: Database
    policy: Policy = field(default_factory=load_policy)
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the register."""
        with self.database.reading() as connection:
            yield connection

    @contextmanager
    def changing(self, actor: Actor) -> Iterator[Change]:
        """One transaction under the lock."""
        with self.database.changing() as connection:
            change = self.change(connection, actor)
            yield change
            flag_wanting(change)

    def change(self, connection: Connection, actor: Actor) -> Change:
        """A change on a connection that has the lock."""
        now = self.clock.now()
        return Change(connection, actor, now, self.clock.today(), self.policy)

    def answered(
        self, actor: Actor, route: str, key: str | None, request: Mapping[str, Any]
    ) -> Answer | None:
        """The answer stored for this key, or None; for what takes long before it is performed."""
        if key is None:
            return None
        with self.reading() as connection:
            return _known(connection, actor, key, _digest(route, request))

    def rehearse(self, actor: Actor, command: Callable[[Change], object]) -> None:
        """Raise what doing it now would be refused for. Nothing of it is kept."""
        with suppress(_Rehearsed), self.changing(actor) as change:
            command(change)
            raise _Rehearsed

    def perform(
        self,
        actor: Actor,
        route: str,
        key: str | None,
        request: Mapping[str, Any],
        command: Callable[[Change], Answer],
    ) -> Answer:
        """Do it once: the same key and request get the stored answer, another request is refused.

        Refusals are not stored: nothing was done, and the request may be sent again.
        """
        digest = _digest(route, request)
        with self.changing(actor) as change:
            if key is not None:
                known = _known(change.connection, actor, key, digest)
                if known is not None:
                    return known
            answer = command(change)
            if key is not None:
                _keep(change.connection, actor, route, key, digest, answer, change.at)
        return answer


def _digest(route: str, request: Mapping[str, Any]) -> str:
    return sha256(canonical({"route": route, **request}))


def _known(connection: Connection, actor: Actor, key: str, digest: str) -> Answer | None:
    mine = (ANSWERS.c.actor_id == actor.id) & (ANSWERS.c.key == key)
    found = connection.execute(select(ANSWERS).where(mine)).mappings().first()
    if found is None:
        return None
    if found["body_hash"] != digest:
        raise InvalidError(
            "this Idempotency-Key was used for another request: choose a new one",
            code="key-reused",
        )
    return Answer(found["status"], found["body"], found["etag"], found["location"], True)


def _keep(
    connection: Connection,
    actor: Actor,
    route: str,
    key: str,
    digest: str,
    answer: Answer,
    at: datetime,
) -> None:
    row = {
        "actor_id": actor.id,
        "key": key,
        "route": route,
        "body_hash": digest,
        "status": answer.status,
        "body": answer.body,
        "etag": answer.etag,
        "location": answer.location,
        "at": at,
    }
    connection.execute(insert(ANSWERS), [row])

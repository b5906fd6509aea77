"""Verifying: the whole register, which takes many seconds, in a process of its own.

What was found is an event of the timeline: who looked, and the heads that they saw, can be read
there by any process, and cannot be changed afterwards without its being seen.
"""

from __future__ import annotations

import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Connection, select

from api.access.actor import Actor
from api.logs import Event, write_fault
from api.service.refusals import ConflictError
from api.service.register import Register
from api.store.database import Database
from api.store.tables import EVENT_PAYLOADS, EVENTS
from api.store.values import Row
from api.store.verify import Verdict, verify

VERIFIED = "register.verified"
MARK = "verified"
"""The mark that says when the register was last looked at whole."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A look at a register that has not ended."""

    by: str
    since: datetime


class Verifying:
    """At most one of a register at a time, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, UnderWay] = {}
        self._failed: dict[str, str] = {}

    def under_way(self, register: Register) -> UnderWay | None:
        """The one that has not ended, or None."""
        with self._lock:
            return self._at.get(_key(register))

    def failed(self, register: Register) -> str | None:
        """Why the last one of this process came to nothing, or None."""
        with self._lock:
            return self._failed.get(_key(register))

    def begin(self, register: Register, actor: Actor, head: str | None = None) -> threading.Thread:
        """Begin one. Raises ConflictError while one is under way."""
        key = _key(register)
        with self._lock:
            if key in self._at:
                raise ConflictError("the register is being verified already", code="verifying")
            self._at[key] = UnderWay(actor.name, register.clock.now())
            self._failed.pop(key, None)
        thread = threading.Thread(
            target=self._look, args=(register, actor, head), name="verification", daemon=True
        )
        thread.start()
        return thread

    def _look(self, register: Register, actor: Actor, head: str | None) -> None:
        failed: str | None = None
        try:
            # Apart, so that pages are answered meanwhile as fast as ever.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                found = apart.submit(look, register.database.url, head).result()
            with register.changing(actor) as change:
                row = change.find("mark", MARK)
                version = 1 if row is None else row["version"] + 1
                told = {"id": MARK, "version": version, "at": change.at}
                facts = {**asdict(found), "sound": found.sound, "asked": head}
                change.record(VERIFIED, "mark", told, verdict=facts)
        except Exception as error:  # whatever it is: whoever waits must be told
            write_fault(Event.FAULT, error)
            failed = type(error).__name__
        finally:
            with self._lock:
                self._at.pop(_key(register), None)
                if failed is not None:
                    self._failed[_key(register)] = failed


def look(url: str, head: str | None) -> Verdict:
    """Look at the whole register at this address."""
    database = Database(url)
    try:
        with database.reading() as connection:
            return verify(connection, head)
    finally:
        database.close()


def last_verified(connection: Connection) -> Row | None:
    """What the last look found: the facts of its event, with when, and who; None: none yet."""
    wanted = (
        select(EVENTS.c.seq, EVENTS.c.at, EVENTS.c.actor_name, EVENT_PAYLOADS.c.payload)
        .join(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
        .where(EVENTS.c.kind == "mark", EVENTS.c.subject == MARK)
        .order_by(EVENTS.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(wanted).mappings().first()
    if row is None:
        return None
    facts: dict[str, Any] = dict(row["payload"]["verdict"])
    return {**facts, "seq": row["seq"], "at": row["at"], "by": row["actor_name"]}


def _key(register: Register) -> str:
    return register.database.url


VERIFYING = Verifying()
"""Those of this process."""

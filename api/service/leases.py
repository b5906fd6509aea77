"""Leases: records that wait for a worker, are worked on while it beats, and come to an end.

Runs and studies are such records. A worker may say something of one only with the number of the
attempt that is still the record's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, or_, select, update

from api.access.actor import Actor, Role
from api.service.change import Change
from api.service.refusals import ConflictError, TooManyError
from api.store.tables import EVENTS
from api.store.values import Row

QUEUED, RUNNING = "queued", "running"
FINISHED, FAILED, CANCELLED = "finished", "failed", "cancelled"
ALLOCATOR = Actor("allocator", "The allocator", frozenset({Role.SERVICE}))
"""Who does what a worker does. Whoever asked for it stands in the record."""
MOST_LOSSES = 2
"""So often a record is queued again after its worker was lost; one that ends well counts not."""
TRY_AGAIN_S = 30


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How many may wait."""

    per_person: int = 5
    in_all: int = 20


@dataclass(frozen=True, slots=True)
class Leases:
    """Records of one kind. `state`: what comes and goes while one is under way, by its id.

    Methods that change something want the lock.
    """

    kind: str
    plural: str
    table: Table
    state: Table

    # ---- asking ----------------------------------------------------------------------------

    def require_room(self, change: Change, limits: QueueLimits) -> None:
        """Raise TooManyError when too many wait already."""
        waiting = select(func.count()).select_from(self.table).where(self.table.c.status == QUEUED)
        mine = waiting.where(self.table.c.requested_by == change.actor.id)
        for counted, most, whose in (
            (mine, limits.per_person, "of yours"),
            (waiting, limits.in_all, "in all"),
        ):
            number = change.connection.execute(counted).scalar_one()
            if number >= most:
                raise TooManyError(
                    f"{number} {self.plural} {whose} are waiting already",
                    code=f"too-many-{self.plural}",
                    retry_after_s=TRY_AGAIN_S,
                )

    def queue(self, change: Change, row: Row, **facts: Any) -> Row:
        """The record, which now waits for a worker."""
        row = change.record(f"{self.kind}.requested", self.kind, {**row, "status": QUEUED}, **facts)
        state = {self._id.name: row["id"], "attempt": 0, "cancel_asked": False, "progress": []}
        change.connection.execute(insert(self.state), [state])
        return row

    def cancel(self, change: Change, row: Row) -> Row:
        """Call it off. A worker that is at it stops within seconds, and says so then."""
        if row["status"] in (FINISHED, FAILED):
            raise ConflictError(
                f"{self.kind} {row['id']} is {row['status']}",
                code="ended",
                status_now=row["status"],
            )
        if row["status"] == QUEUED:
            after = {**row, "status": CANCELLED, "ended_at": change.at}
            return change.record(f"{self.kind}.cancelled", self.kind, after)
        asked = self.state_of(change.connection, row["id"])["cancel_asked"]
        if row["status"] == RUNNING and not asked:
            self.set_state(change.connection, row["id"], cancel_asked=True)
            # So that the timeline says who it was: the worker's event cannot.
            change.record(f"{self.kind}.cancel_asked", self.kind, row)
        return row

    # ---- what comes and goes ---------------------------------------------------------------

    def state_of(self, connection: Connection, identifier: str) -> Row:
        """What comes and goes while the record is under way."""
        return self.states_of(connection, [identifier])[identifier]

    def states_of(self, connection: Connection, identifiers: Sequence[str]) -> dict[str, Row]:
        """The same of a page of records, by id."""
        wanted = select(self.state).where(self._id.in_(identifiers))
        rows = connection.execute(wanted).mappings()
        return {row[self._id.name]: dict(row) for row in rows}

    def set_state(self, connection: Connection, identifier: str, **values: Any) -> None:
        """Change some of that."""
        connection.execute(update(self.state).where(self._id == identifier).values(**values))

    # ---- working ---------------------------------------------------------------------------

    def anything_to_do(self, connection: Connection, now: datetime) -> bool:
        """Whether one waits or is lost; asked before the lock is taken."""
        either = or_(self.table.c.status == QUEUED, self._is_lost(now))
        found = select(self.table.c.id).join(self.state).where(either).limit(1)
        return connection.execute(found).first() is not None

    def claim(self, change: Change, worker: str, lease_s: float) -> tuple[Row, int] | None:
        """The oldest that waits, and its attempt, after the lost ones have been queued again."""
        self.take_back(change)
        waiting = select(self.table).where(self.table.c.status == QUEUED)
        order = (self.table.c.requested_at, self.table.c.register_seq, self.table.c.id)
        found = change.connection.execute(waiting.order_by(*order).limit(1)).mappings().first()
        if found is None:
            return None
        attempt = self.state_of(change.connection, found["id"])["attempt"] + 1
        self.set_state(
            change.connection,
            found["id"],
            attempt=attempt,
            worker=worker,
            lease_until=change.at + timedelta(seconds=lease_s),
            progress=[],
        )
        row = {**found, "status": RUNNING}
        return change.record(f"{self.kind}.claimed", self.kind, row, attempt=attempt), attempt

    def renew(
        self,
        change: Change,
        identifier: str,
        attempt: int,
        lease_s: float,
        progress: list[dict[str, object]],
    ) -> None:
        """Keep it for another while. Raises ConflictError when it is not ours any more."""
        self.ours(change, identifier, attempt)
        until = change.at + timedelta(seconds=lease_s)
        self.set_state(change.connection, identifier, lease_until=until, progress=progress)

    def ours(self, change: Change, identifier: str, attempt: int) -> Row:
        """The record. Raises ConflictError unless it is running with this very attempt."""
        row = change.row(self.kind, identifier)
        now = self.state_of(change.connection, identifier)["attempt"]
        if row["status"] != RUNNING or now != attempt:
            raise ConflictError(
                f"attempt {attempt} is not {self.kind} {identifier}'s any more", code="lease-lost"
            )
        return row

    # ---- ending ----------------------------------------------------------------------------

    def finish(
        self,
        change: Change,
        identifier: str,
        attempt: int,
        made: Callable[[], Row],
        facts: Mapping[str, Any] | None = None,
    ) -> Row:
        """It came to what was asked. `made`: keeps what was made, and gives its columns; `facts`:
        of it, for the timeline.

        One that somebody has called off is cancelled, and what was made is not kept.
        """
        return self._end_ours(change, identifier, attempt, FINISHED, made, facts)

    def fail(self, change: Change, identifier: str, attempt: int, code: str, words: str) -> Row:
        """It comes to nothing. The words hold nobody's data."""
        fault = fault_text(code, words)
        return self._end_ours(change, identifier, attempt, FAILED, lambda: {"fault": fault})

    def stopped(self, change: Change, identifier: str, attempt: int) -> Row:
        """It was stopped because somebody called it off."""
        return self.end(change, self.ours(change, identifier, attempt), CANCELLED)

    def release(self, change: Change, identifier: str, attempt: int) -> Row:
        """Give it back to the queue, for a worker that is told to end."""
        row = self.ours(change, identifier, attempt)
        if self.state_of(change.connection, identifier)["cancel_asked"]:
            return self.end(change, row, CANCELLED)
        return self.requeue(change, row, f"{self.kind}.released")

    def requeue(self, change: Change, row: Row, action: str) -> Row:
        """One that nobody is at any more waits again."""
        self.set_state(change.connection, row["id"], worker=None, lease_until=None, progress=[])
        return change.record(action, self.kind, {**row, "status": QUEUED})

    def end(self, change: Change, row: Row, status: str, **columns: Any) -> Row:
        """It has ended so."""
        return self._end(change, row, status, columns, {})

    def _end(
        self, change: Change, row: Row, status: str, columns: Row, facts: Mapping[str, Any]
    ) -> Row:
        self.set_state(change.connection, row["id"], worker=None, lease_until=None)
        after = {**row, "status": status, "ended_at": change.at, **columns}
        return change.record(f"{self.kind}.{status}", self.kind, after, **facts)

    def take_back(self, change: Change) -> list[Row]:
        """Every one whose lease has run out, as it is now: queued again, given up or called off."""
        lost = select(self.table).join(self.state).where(self._is_lost(change.at))
        rows = change.connection.execute(lost.order_by(self.table.c.id)).mappings().all()
        return [self._after_loss(change, dict(row)) for row in rows]

    def _after_loss(self, change: Change, row: Row) -> Row:
        if self.state_of(change.connection, row["id"])["cancel_asked"]:
            return self.end(change, row, CANCELLED)
        action = f"{self.kind}.lease_lost"
        if self._count(change.connection, row["id"], action) >= MOST_LOSSES:
            fault = fault_text("gave-up", "its workers were lost too often")
            return self.end(change, row, FAILED, fault=fault)
        return self.requeue(change, row, action)

    def _end_ours(
        self,
        change: Change,
        identifier: str,
        attempt: int,
        status: str,
        made: Callable[[], Row],
        facts: Mapping[str, Any] | None = None,
    ) -> Row:
        row = self.ours(change, identifier, attempt)
        if self.state_of(change.connection, identifier)["cancel_asked"]:
            return self.end(change, row, CANCELLED)
        return self._end(change, row, status, made(), facts or {})

    def _count(self, connection: Connection, identifier: str, action: str) -> int:
        mine = (EVENTS.c.kind == self.kind) & (EVENTS.c.subject == identifier)
        counted = select(func.count()).where(mine, EVENTS.c.action == action)
        return int(connection.execute(counted).scalar_one())

    def _is_lost(self, now: datetime) -> Any:
        return (self.table.c.status == RUNNING) & (self.state.c.lease_until < now)

    @property
    def _id(self) -> Column[Any]:
        return self.state.c[f"{self.kind}_id"]


def fault_text(code: str, words: str) -> str:
    """What the record's `fault` holds: `split_fault` reads it."""
    return f"{code}: {words}"


def split_fault(fault: str) -> tuple[str, str]:
    """Code and words."""
    code, _, words = fault.partition(": ")
    return code, words

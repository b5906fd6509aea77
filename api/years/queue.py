"""Queue: cells wait, are leased to one worker at a time, and end as a result or a fault.

A lease that has run out puts the cell back, so that a worker that is killed costs only the cell it
was at. Leases are by the workers' own clocks: one that is wrong makes a year run twice, and no
figure depends on how often a year was run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import insert, make_url, or_, select, update
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from allocator.errors import AllocatorError
from allocator.simulate.cell import RESULT, Cell, Result
from api.store.database import Database
from api.years.tables import CELLS, DONE, FAILED, METADATA, RUNNING, WAITING

_CELL = TypeAdapter(Cell)
MOST_ATTEMPTS = 3
"""So often a cell is begun before its workers are taken to die of it."""
AT_ONCE = 500
"""Keys that are asked about in one statement."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A cell that is ours, and the attempt with which we may say anything of it."""

    key: str
    cell: Cell
    attempt: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a cell: a result, or a fault in words."""

    key: str
    result: Result | None
    fault: str | None


class QueueAway(AllocatorError):  # noqa: N818 - it says what is the matter
    """The address names no database, or the database does not answer."""


class Queue:
    """The rows of one database, which may be a SQLite file or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Raises QueueAway."""
        try:
            self._database = Database(url)
            with self._database.changing() as connection:
                METADATA.create_all(connection)
        except (SQLAlchemyError, ImportError) as error:
            raise QueueAway(_why(url, error)) from error

    def being_run(self, now: float) -> bool:
        """Whether any worker has a cell in hand, whoever sent it."""
        held = (CELLS.c.state == RUNNING) & (CELLS.c.lease_until >= now)
        with self._database.reading() as connection:
            return connection.execute(select(CELLS.c.key).where(held).limit(1)).first() is not None

    def put(self, cell: Cell) -> str:
        """Its key. A cell that is there already stays as it is; one that failed waits again."""
        key = cell.key
        with self._database.changing() as connection:
            found = connection.execute(select(CELLS.c.state).where(CELLS.c.key == key)).first()
            fresh = {"state": WAITING, "attempt": 0, "worker": "", "lease_until": 0.0}
            if found is None:
                text = _CELL.dump_json(cell).decode()
                connection.execute(insert(CELLS).values(key=key, cell=text, **fresh))
            elif found.state == FAILED:
                again = update(CELLS).where(CELLS.c.key == key)
                connection.execute(again.values(fault=None, **fresh))
        return key

    def lease(self, worker: str, now: float, lease_s: float) -> Leased | None:
        """A cell that waits, or whose worker was lost; None: there is none."""
        lost = (CELLS.c.state == RUNNING) & (CELLS.c.lease_until < now)
        open_ = select(CELLS).where(or_(CELLS.c.state == WAITING, lost)).order_by(CELLS.c.key)
        with self._database.changing() as connection:
            for row in connection.execute(open_).all():
                mine = update(CELLS).where(CELLS.c.key == row.key)
                if row.attempt >= MOST_ATTEMPTS:
                    fault = f"its worker was lost {row.attempt} times"
                    connection.execute(mine.values(state=FAILED, fault=fault))
                    continue
                attempt = row.attempt + 1
                until = {"worker": worker, "lease_until": now + lease_s}
                connection.execute(mine.values(state=RUNNING, attempt=attempt, **until))
                return Leased(row.key, _CELL.validate_json(row.cell), attempt)
        return None

    def renew(self, leased: Leased, now: float, lease_s: float) -> bool:
        """Keep it for another while; False: it is another worker's now."""
        return self._say(leased, lease_until=now + lease_s)

    def finish(self, leased: Leased, result: Result) -> bool:
        """Write down the result; False: it is another worker's now, who finds the same."""
        return self._say(leased, state=DONE, result=RESULT.dump_json(result).decode())

    def fail(self, leased: Leased, fault: str) -> bool:
        """Write down why there is no result."""
        return self._say(leased, state=FAILED, fault=fault)

    def give_back(self, leased: Leased) -> bool:
        """Let another worker have it at once: this one stops."""
        return self._say(leased, state=WAITING, attempt=leased.attempt - 1)

    def ended(self, keys: Iterable[str]) -> Iterator[Ended]:
        """Those of the cells that have ended."""
        every = sorted(keys)
        for first in range(0, len(every), AT_ONCE):
            some = CELLS.c.key.in_(every[first : first + AT_ONCE])
            wanted = select(CELLS).where(some, CELLS.c.state.in_((DONE, FAILED)))
            with self._database.reading() as connection:
                rows = connection.execute(wanted).all()
            for row in rows:
                done = row.state == DONE
                yield Ended(row.key, RESULT.validate_json(row.result) if done else None, row.fault)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _say(self, leased: Leased, **values: object) -> bool:
        ours = (
            (CELLS.c.key == leased.key)
            & (CELLS.c.state == RUNNING)
            & (CELLS.c.attempt == leased.attempt)
        )
        with self._database.changing() as connection:
            return connection.execute(update(CELLS).where(ours).values(**values)).rowcount == 1


def without_password(url: str) -> str:
    """The address as it may be shown. Raises ArgumentError where it is none."""
    return make_url(url).render_as_string(hide_password=True)


def _why(url: str, error: Exception) -> str:
    """In words, without a password: an address that cannot be read is not said at all."""
    like = "write sqlite:////a/shared/years.db or postgresql+psycopg://user@host/name"
    try:
        shown = without_password(url)
    except ArgumentError:
        return f"the queue's address is not that of a database: {like}"
    if isinstance(error, NoSuchModuleError | ImportError):
        return f"{shown}: there is no such kind of database here; {like}"
    return f"{shown}: the database does not answer ({type(error).__name__})"

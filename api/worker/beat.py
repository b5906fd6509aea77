"""Beat: keeps what is claimed ours while it is worked on, tells how far it is, hears of a stop."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from sqlalchemy import select

from allocator.progress import Progress
from api.logs import Event, write, write_fault
from api.service.leases import ALLOCATOR, RUNNING
from api.service.refusals import ConflictError
from api.service.register import Register
from api.worker.claim import Claimed, renew

LOOK_S = 0.5
"""How soon a wish to cancel is heard."""
TELL_S = 1.0
"""How often progress is written at most."""


class Beat:
    """A thread of its own, from `with` to its end. It never raises: see `lost`."""

    def __init__(self, register: Register, claimed: Claimed, lease_s: float, beat_s: float) -> None:
        self._register, self._claimed = register, claimed
        self._lease_s, self._beat_s = lease_s, beat_s
        self._told: dict[str, dict[str, object]] = {}
        self._news = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, name="beat", daemon=True)
        self.lost = False
        """Whether it is another worker's now, or ended: nothing may be said of it."""
        self.cancelled = False
        """Whether somebody has called it off."""
        self.settling = False
        """Whether the worker is about to say how it ended: what has ended is not lost."""

    @property
    def must_stop(self) -> bool:
        """Whether the work is to be ended with nothing to show."""
        return self.lost or self.cancelled

    def note(self, progress: Progress) -> None:
        """Take in what the solver says of a level; the last word counts."""
        level = progress.level or "preparing"
        told: dict[str, object] = {
            "level": level,
            "value": progress.value,
            "bound": progress.bound,
            "elapsed_s": round(progress.elapsed_s, 1),
            "note": progress.note,
        }
        self.tell(level, told)

    def tell(self, name: str, told: dict[str, object]) -> None:
        """Take in how far a part of the work is, by the part's name; the last word counts."""
        self._told[name] = told
        self._news.set()

    def last_word(self) -> None:
        """Write what was told since it was last written: nothing more is once the end is said."""
        try:
            if self._news.is_set() and not self.lost:
                self._news.clear()
                self._renew()
        except Exception as fault:
            write_fault(Event.DATABASE_AWAY, fault)

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _go(self) -> None:
        written = time.monotonic()
        while not self._over.wait(min(LOOK_S, self._beat_s)) and not self.lost:
            since = time.monotonic() - written
            try:
                if since >= self._beat_s or (self._news.is_set() and since >= TELL_S):
                    self._news.clear()
                    self._renew()
                    written = time.monotonic()
                self._look()
            except Exception as fault:
                # It stays ours until another takes it, and only a finish decides that.
                write_fault(Event.DATABASE_AWAY, fault)

    def _renew(self) -> None:
        # A copy: the thread that works may add a part meanwhile.
        progress = list(self._told.copy().values())
        try:
            with self._register.changing(ALLOCATOR) as change:
                renew(change, self._claimed, self._lease_s, progress)
        except ConflictError:
            self._lose()

    def _look(self) -> None:
        """Without the lock, so that it costs next to nothing."""
        table, state = self._claimed.leases.table, self._claimed.leases.state
        wanted = (
            select(table.c.status, state.c.attempt, state.c.cancel_asked)
            .join(state)
            .where(table.c.id == self._claimed.id)
        )
        with self._register.reading() as connection:
            row = connection.execute(wanted).one()
        if row.status != RUNNING or row.attempt != self._claimed.attempt:
            self._lose()
        self.cancelled = self.cancelled or bool(row.cancel_asked)

    def _lose(self) -> None:
        if not self.lost and not self.settling:
            self.lost = True
            write(Event.LEASE_LOST, level="warning", **self._claimed.named)

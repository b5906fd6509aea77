"""Situations: finished plans made ready for questions, the last few of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from allocator.explain import Situation
from api.service.documents import require_kept
from api.service.refusals import BusyError, NotThereError
from api.service.register import Register
from api.service.run_values import plan_of, policy_of, problem_of
from api.store.values import Row

MOST = 2
"""At national size one takes some hundred megabytes."""
WAIT_S = 30.0


class Situations:
    """Each is made once, which takes a second or two, and asked by one thread at a time."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(most)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    @contextmanager
    def of(self, register: Register, run: Row) -> Iterator[Situation]:
        """The situation of a finished run. Raises BusyError when others ask for too long, of this
        run or of as many as are asked at once.

        Raises NotThereError when its documents have been erased, by whichever process.
        """
        kept = self._find(str(run["id"]))
        with (
            _soon(kept.lock, "others are asking about this run just now"),
            _soon(self._at_once, "others are asking about other runs just now"),
        ):
            kept.require_kept(register, run)
            yield kept.situation(lambda: situation_of(register, run))

    def _find(self, run_id: str) -> _Kept:
        with self._lock:
            found = self._kept.setdefault(run_id, _Kept())
            self._kept.move_to_end(run_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return found


@contextmanager
def _soon(lock: threading.Lock | threading.Semaphore, otherwise: str) -> Iterator[None]:
    if not lock.acquire(timeout=WAIT_S):
        raise BusyError(otherwise, code="explaining")
    try:
        yield
    finally:
        lock.release()


class _Kept:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._situation: Situation | None = None

    def situation(self, make: Callable[[], Situation]) -> Situation:
        """Called by whoever has the lock."""
        if self._situation is None:
            self._situation = make()
        return self._situation

    def require_kept(self, register: Register, run: Row) -> None:
        """Forget what was erased, and say so. Called by whoever has the lock."""
        try:
            with register.reading() as connection:
                require_kept(connection, run["snapshot"], run["plan"])
        except NotThereError:
            self._situation = None
            raise


def situation_of(register: Register, run: Row) -> Situation:
    """A new one. Raises ConflictError unless the run finished."""
    with register.reading() as connection:
        plan = plan_of(connection, run)
        problem, policy = problem_of(connection, run), policy_of(connection, run)
    return Situation(plan, problem, policy)


SITUATIONS = Situations()
"""Those of this process. A finished run never changes, but its documents may be erased."""

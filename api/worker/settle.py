"""Settle: what came of a claimed run or study is said once, by the worker whose it still is."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from api.logs import Event, write, write_fault
from api.service.change import Change
from api.service.leases import ALLOCATOR
from api.service.refusals import ConflictError
from api.service.register import Register
from api.store.values import Row
from api.worker.beat import Beat
from api.worker.claim import Claimed

TRIES = 3
WAIT_S = 5.0
ENDED = {"run": Event.RUN_ENDED, "study": Event.STUDY_ENDED}

Ending = Callable[[Change], Row]


def failing(claimed: Claimed, code: str, words: str) -> Ending:
    """That it comes to nothing. The words hold nobody's data."""
    return lambda change: claimed.leases.fail(change, claimed.id, claimed.attempt, code, words)


def bring_to_an_end(
    register: Register, claimed: Claimed, beat: Beat, work: Callable[[], Ending]
) -> None:
    """Do the work and say what came of it. Whatever goes wrong, it is not tried for ever."""
    try:
        ending = work()
    except Exception as fault:  # whatever it is
        write_fault(Event.FAULT, fault)
        ending = failing(claimed, "internal", f"a fault of the worker ({type(fault).__name__})")
    beat.last_word()
    beat.settling = True
    if not beat.lost:
        settle(register, claimed, ending)


def settle(register: Register, claimed: Claimed, ending: Ending) -> None:
    """Say it. A database that is away for a moment must not cost the whole work."""
    for left in reversed(range(TRIES)):
        try:
            with register.changing(ALLOCATOR) as change:
                row = ending(change)
            kind = claimed.leases.kind
            write(ENDED[kind], **claimed.named, **{f"{kind}_status": row["status"]})
            return
        except ConflictError:
            write(Event.LEASE_LOST, level="warning", **claimed.named)
            return
        except OperationalError as fault:
            write_fault(Event.DATABASE_AWAY, fault)
            if left:
                time.sleep(WAIT_S)

"""Loop: claims runs and solves them one at a time, until it is told to stop."""

from __future__ import annotations

import os
import socket
import threading

from allocator.solver_process.messages import SOLVER
from api.logs import Event, write, write_fault
from api.service.answers import forget_answers
from api.service.ladder import reassess
from api.service.register import Register
from api.service.review import review
from api.service.runs import ALLOCATOR
from api.service.sessions import forget_sessions
from api.settings import Settings
from api.worker.beat import Beat
from api.worker.claim import Claimed, anything_to_do, claim
from api.worker.solve import solve_run

IDLE_S = 0.25
AFTER_A_FAULT_S = 2.0
REVIEW_S = 60.0


def run_worker(
    register: Register, settings: Settings, stop: threading.Event, *, solver: str = SOLVER
) -> None:
    """Work until `stop` is set; the run at hand then goes back to the queue.

    In the thread that calls this: a solver's process lives no longer than that thread.
    """
    beating = threading.Thread(
        target=_now_and_then, args=(register, settings, stop), name="now and then", daemon=True
    )
    beating.start()
    name = f"{socket.gethostname()[:60]}/{os.getpid()}/{threading.get_native_id()}"
    while not stop.is_set():
        try:
            claimed = _next(register, name, settings.lease_s)
            if claimed is None:
                stop.wait(IDLE_S)
                continue
            write(Event.RUN_CLAIMED, run=claimed.run["id"], attempt=claimed.attempt)
            with Beat(register, claimed, settings.lease_s, settings.beat_s) as beat:
                solve_run(
                    register, claimed, beat, stop, solver=solver, memory_gib=settings.memory_gib
                )
        except Exception as fault:  # the next run may go well
            write_fault(Event.FAULT, fault)
            stop.wait(AFTER_A_FAULT_S)
    beating.join()


def _next(register: Register, worker: str, lease_s: float) -> Claimed | None:
    with register.reading() as connection:
        if not anything_to_do(connection, register.clock.now()):
            return None
    with register.changing(ALLOCATOR) as change:
        return claim(change, worker, lease_s)


def _now_and_then(register: Register, settings: Settings, stop: threading.Event) -> None:
    """Bids whose time has come rise on the ladder, also while a long solve is under way; and
    answers that nobody will ask for again are forgotten.
    """
    # Once: the policy does not change while we run.
    is_new = True
    while not stop.is_set():
        try:
            with register.changing(ALLOCATOR) as change:
                if is_new:
                    reassess(change)
                review(change)
                forget_answers(change, settings.answers_days)
                forget_sessions(change)
            is_new = False
        except Exception as fault:
            write_fault(Event.FAULT, fault)
        stop.wait(REVIEW_S)

"""Loop: claims runs, and beside them studies, one of each at a time, until it is told to stop."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from functools import partial

from allocator.solver_process.messages import SOLVER
from api.logs import Event, write, write_fault
from api.service.answers import forget_answers
from api.service.ladder import reassess
from api.service.leases import ALLOCATOR, Leases
from api.service.register import Register
from api.service.review import review
from api.service.runs import RUN_LEASES
from api.service.sessions import forget_sessions
from api.service.studies import STUDY_LEASES
from api.service.study_cells import forget_cells
from api.settings import Settings
from api.worker.beat import Beat
from api.worker.claim import Claimed, claim
from api.worker.solve import solve_run
from api.worker.study import do_study

IDLE_S = 0.25
AFTER_A_FAULT_S = 2.0
REVIEW_S = 60.0
CLAIMED = {"run": Event.RUN_CLAIMED, "study": Event.STUDY_CLAIMED}

Work = Callable[[Claimed, Beat], None]


def run_worker(
    register: Register, settings: Settings, stop: threading.Event, *, solver: str = SOLVER
) -> None:
    """Work until `stop` is set; what is at hand then goes back to the queue.

    Runs in the thread that calls this, studies in one of their own, so that no run waits for a
    study: a child process lives no longer than the thread that started it.
    """
    solve = partial(solve_run, register, stop=stop, solver=solver, memory_gib=settings.memory_gib)
    beside = [threading.Thread(target=_now_and_then, args=(register, settings, stop), daemon=True)]
    if settings.study_processes:
        study = partial(do_study, register, stop=stop, settings=settings)
        studying = (register, settings, stop, STUDY_LEASES, study)
        beside.append(threading.Thread(target=_take_up, args=studying, name="studies"))
    for thread in beside:
        thread.start()
    _take_up(register, settings, stop, RUN_LEASES, solve)
    for thread in beside:
        thread.join()


def _take_up(
    register: Register, settings: Settings, stop: threading.Event, leases: Leases, work: Work
) -> None:
    """One record of that kind after another."""
    name = f"{socket.gethostname()[:60]}/{os.getpid()}/{threading.get_native_id()}"
    while not stop.is_set():
        try:
            claimed = _next(register, name, settings.lease_s, leases)
            if claimed is None:
                stop.wait(IDLE_S)
                continue
            write(CLAIMED[leases.kind], **claimed.named)
            with Beat(register, claimed, settings.lease_s, settings.beat_s) as beat:
                work(claimed, beat)
        except Exception as fault:  # the next one may go well
            write_fault(Event.FAULT, fault)
            stop.wait(AFTER_A_FAULT_S)


def _next(register: Register, worker: str, lease_s: float, leases: Leases) -> Claimed | None:
    with register.reading() as connection:
        if not leases.anything_to_do(connection, register.clock.now()):
            return None
    with register.changing(ALLOCATOR) as change:
        return claim(change, worker, lease_s, leases)


def _now_and_then(register: Register, settings: Settings, stop: threading.Event) -> None:
    """Bids whose time has come rise on the ladder, also while a long solve is under way; answers
    that nobody will ask for again are forgotten, and simulated years that are old.
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
                forget_cells(change, settings.study_cells_days)
            is_new = False
        except Exception as fault:
            write_fault(Event.FAULT, fault)
        stop.wait(REVIEW_S)

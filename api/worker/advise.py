"""Advise: hold advice on a judged plan, made in a process of its own with an end to its time."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

from allocator.forecast import Forecast
from allocator.holding import Advice, advice_faults, advise
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solver_process.fences import die_with, limit_memory
from api.logs import Event, write_fault

LOOK_S = 0.5
NOT_MADE = "something in the software stopped it, and the log of the service says where"
MOST_S = 900.0
"""No advice is worth keeping a worker from other runs for longer."""


@dataclass(frozen=True, slots=True)
class AdviceRequest:
    """All that the advice depends on: the same gives the same."""

    plan: Plan
    problem: Problem
    policy: Policy
    forecast: Forecast
    seed: int
    next_meeting: date


def advise_apart(
    request: AdviceRequest,
    memory_gib: float,
    stop: Callable[[], bool],
    most_s: float = MOST_S,
) -> tuple[Advice | None, str]:
    """The advice once it is checked; or none, and why, in words without ids."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(
        target=_child, args=(theirs, request, memory_gib, os.getpid()), daemon=True
    )
    child.start()
    theirs.close()
    try:
        waited = 0.0
        while not ours.poll(LOOK_S):
            waited += LOOK_S
            if stop() or waited >= most_s:
                return None, "it was stopped" if stop() else f"it took longer than {most_s:.0f} s"
        found, fault = ours.recv()
    except EOFError:
        return None, "its process ended before it was done"
    finally:
        child.kill()
        child.join()
        ours.close()
    if found is None:
        return None, str(fault)
    wrong = advice_faults(found, request.plan, request.problem, request.policy)
    return (None, f"it did not pass its check: {wrong[0]}") if wrong else (found, "")


def _child(to: Connection, request: AdviceRequest, memory_gib: float, parent: int) -> None:
    die_with(parent)
    limit_memory(memory_gib)
    try:
        found = advise(
            request.plan,
            request.problem,
            request.policy,
            request.forecast,
            seed=request.seed,
            next_meeting=request.next_meeting,
        )
    except Exception as error:  # whatever it is, the plan stands without advice
        write_fault(Event.FAULT, error)
        to.send((None, NOT_MADE))
        return
    to.send((found, ""))

"""The parent's side: start the child, follow it, and end it when it does not end itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from allocator.plan import EndedBy, Plan
from allocator.progress import Progress
from allocator.solver_process.handle import Handle
from allocator.solver_process.messages import (
    STOP,
    Message,
    SolveRequest,
    read_message,
    request_line,
)

CHILD = "allocator.solver_process.child"
POLL_S = 0.1


class Ended(StrEnum):
    """How the child came to its end."""

    FINISHED = "finished"
    FAILED = "failed"
    OUT_OF_MEMORY = "out of memory"
    OVERDUE = "overdue"
    """It was killed: it did not end by its deadline, nor when it was asked to."""
    STOPPED = "stopped"
    """It was killed because the user asked twice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use.

    `grace_s`: how long after its time limit it may still answer. `patience_s`: the same while it
    has shown no plan yet, and after the user asked it to stop: late is better than nothing.
    """

    memory_gib: float = 8.0
    grace_s: float = 10.0
    patience_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. Unless it finished, `plan` is the last it had shown, and may be None.

    `fault` says in words what went wrong; `log` is the end of what the solver printed.
    """

    ended: Ended
    plan: Plan | None
    fault: str = ""
    log: str = ""


def solve_apart(
    request: SolveRequest,
    limits: Limits | None = None,
    *,
    watch: Callable[[Progress], None] = lambda progress: None,
    stop_requests: Callable[[], int] = lambda: 0,
) -> Outcome:
    """Solve in a child process. One stop request asks for the best plan so far, two kill.

    Never raises for what the child does; it is dead when this returns or raises.
    """
    limits = limits or Limits()
    with Handle(CHILD, request_line(request), read_message, limits.memory_gib) as handle:
        return _Following(handle, request, limits, watch, stop_requests).outcome()


class _Following:
    """One child, from its first message to its end."""

    def __init__(
        self,
        handle: Handle[Message],
        request: SolveRequest,
        limits: Limits,
        watch: Callable[[Progress], None],
        stop_requests: Callable[[], int],
    ) -> None:
        self.handle = handle
        self.limits = limits
        self.watch = watch
        self.stop_requests = stop_requests
        self.time_limit_s = request.time_limit_s
        self.best: Plan | None = None
        self.started = time.monotonic()
        self.begun = False
        self.asked: float | None = None

    def outcome(self) -> Outcome:
        """Follow the child until there is one."""
        while True:
            message = self.handle.receive(POLL_S)
            outcome = self._heard(message) if message else self._waited()
            if outcome is not None:
                return outcome
            self._pass_on_the_wish_to_stop()
            if self.stop_requests() > 1:
                return self._killed(Ended.STOPPED, "it was stopped", EndedBy.INTERRUPTED)

    def _heard(self, message: Message) -> Outcome | None:
        if not self.begun:
            # The time limit is the solver's: reading the request does not count.
            self.begun, self.started = True, time.monotonic()
        if message.progress is not None:
            self.watch(message.progress)
        self.best = message.plan or self.best
        if message.finished:
            return Outcome(Ended.FINISHED, message.plan)
        if message.fault:
            ended = Ended.OUT_OF_MEMORY if message.out_of_memory else Ended.FAILED
            return Outcome(ended, self.best, message.fault, self.handle.log())
        return None

    def _waited(self) -> Outcome | None:
        """No message has come: the child may be at work, dead, or past its time."""
        if self.handle.closed:
            fault, memory = self.handle.cause_of_death()
            ended = Ended.OUT_OF_MEMORY if memory else Ended.FAILED
            return Outcome(ended, self.best, fault, self.handle.log())
        now = time.monotonic()
        if self.asked is not None and now - self.asked > self.limits.patience_s:
            fault = f"it did not answer within {self.limits.patience_s:g} s of being asked to stop"
            return self._killed(Ended.OVERDUE, fault, EndedBy.INTERRUPTED)
        if self.time_limit_s is not None:
            grace = self.limits.patience_s if self.best is None else self.limits.grace_s
            if now - self.started > self.time_limit_s + grace:
                fault = f"it was {grace:g} s past its time limit and was killed"
                return self._killed(Ended.OVERDUE, fault, EndedBy.TIME_LIMIT)
        return None

    def _pass_on_the_wish_to_stop(self) -> None:
        if self.asked is None and self.stop_requests() > 0:
            self.asked = time.monotonic()
            self.handle.write(STOP)

    def _killed(self, ended: Ended, fault: str, ended_by: EndedBy) -> Outcome:
        self.handle.kill()
        best = None if self.best is None else replace(self.best, ended_by=ended_by)
        return Outcome(ended, best, fault, self.handle.log())

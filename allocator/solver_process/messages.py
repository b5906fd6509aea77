"""What the two processes say to each other: one line of JSON for each message."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.progress import Progress

SOLVER = "allocator.solving:solve"
STOP = b"stop\n"
"""Sent to the child: end soon, with the best plan so far."""


@dataclass(frozen=True, slots=True)
class SolveRequest:
    """The child's first line: what to solve and how. `solver` is a function, `module:name`."""

    problem: Problem
    policy: Policy
    effort: str = "standard"
    seed: int = 0
    workers: int = 1
    time_limit_s: float | None = None
    keep: Plan | None = None
    displacement: bool = False
    solver: str = SOLVER


@dataclass(frozen=True, slots=True)
class Message:
    """A line from the child. An empty one says that it has read the request and now begins.

    A `plan` is the best so far, or the answer when `finished`.
    """

    progress: Progress | None = None
    plan: Plan | None = None
    finished: bool = False
    fault: str = ""
    out_of_memory: bool = False


_REQUEST = TypeAdapter(SolveRequest)
_MESSAGE = TypeAdapter(Message)


def request_line(request: SolveRequest) -> bytes:
    """The request as one line."""
    return _REQUEST.dump_json(request) + b"\n"


def read_request(line: bytes) -> SolveRequest:
    """The request in a line."""
    return _REQUEST.validate_json(line)


def message_line(message: Message) -> bytes:
    """The message as one line."""
    return _MESSAGE.dump_json(message) + b"\n"


def read_message(line: bytes) -> Message:
    """The message in a line. Raises ValueError for half a line."""
    return _MESSAGE.validate_json(line)

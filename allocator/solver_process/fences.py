"""Limits that a child process puts on itself before it loads anything large."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

GIB = 2**30
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_memory(gib: float, *, for_good: bool = True) -> None:
    """Refuse this process more address space than so many GiB, and never dump its memory.

    Not `for_good`: until `lift_memory`. Processes that it starts have the same limit.
    """
    limit = int(gib * GIB)
    # macOS knows this limit and refuses to set it.
    with suppress(ValueError, OSError):
        most = limit if for_good else resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    # A core file would hold every person in the problem.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lift_memory() -> None:
    """Take away a limit that was not for good: what draws pictures asks for addresses by the
    hundred GiB, uses next to none of them, and crashes without.
    """
    with suppress(ValueError, OSError):
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies; leave if it is dead already.

    Linux only, and there a parent is the thread that started this process. Elsewhere the end of
    standard input tells, unless the solver holds the interpreter.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

"""The child's side: `python -m allocator.solver_process.child PARENT_ID MEMORY_GIB`."""

from __future__ import annotations

import inspect
import os
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

from allocator.plan import Plan
from allocator.solver_process.fences import die_with, limit_memory
from allocator.solver_process.messages import (
    STOP,
    Message,
    SolveRequest,
    message_line,
    read_request,
)
from allocator.solver_process.voice import Voice, take_stdout, without_data


def main() -> None:
    """Read a request, solve it, and say how it goes. Never returns."""
    die_with(int(sys.argv[1]))
    limit_memory(float(sys.argv[2]))
    voice = Voice(take_stdout(), message_line)
    try:
        voice.say(_answer(read_request(sys.stdin.buffer.readline()), voice))
    except MemoryError:
        voice.say(Message(fault="it ran out of memory", out_of_memory=True))
    except Exception as error:  # whatever it is, the parent must hear of it
        traceback.print_exc()
        voice.say(Message(fault=without_data(error)))
    # The answer is out: a solver that fails while it is being unloaded must not spoil it.
    sys.stderr.flush()
    os._exit(0)


def _answer(request: SolveRequest, voice: Voice[Message]) -> Message:
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    solver = _solver(request.solver)
    voice.say(Message())
    plan: Plan = solver(
        request.problem,
        request.policy,
        effort=request.effort,
        seed=request.seed,
        workers=request.workers,
        time_limit_s=request.time_limit_s,
        keep=request.keep,
        displacement=request.displacement,
        progress=lambda progress: voice.say(Message(progress=progress)),
        stop=stop.is_set,
        **_hand_over(solver, voice),
    )
    return Message(plan=plan, finished=True)


def _hand_over(solver: Callable[..., Plan], voice: Voice[Message]) -> dict[str, Any]:
    """A solver that can show lawful plans on its way is given somewhere to show them."""
    if "incumbent" not in inspect.signature(solver).parameters:
        return {}
    return {"incumbent": lambda plan: voice.say(Message(plan=plan))}


def _solver(name: str) -> Callable[..., Plan]:
    module, _, function = name.partition(":")
    solver: Callable[..., Plan] = getattr(import_module(module), function)
    return solver


def _listen(stop: threading.Event) -> None:
    """Wait for the parent's wish to stop. The end of the input means that the parent is gone."""
    for line in sys.stdin.buffer:
        if line == STOP:
            stop.set()
    os._exit(1)


if __name__ == "__main__":
    main()

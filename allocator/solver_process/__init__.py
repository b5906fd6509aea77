"""The solver in a process of its own, with a memory limit, a deadline and a way to be stopped.

A solver can overrun both limits, and a failed check inside it ends the interpreter it runs in.
"""

from __future__ import annotations

from allocator.solver_process.messages import SolveRequest
from allocator.solver_process.parent import Ended, Limits, Outcome, solve_apart

__all__ = ["Ended", "Limits", "Outcome", "SolveRequest", "solve_apart"]

"""Exit codes of the commands, beside 0. What a command means by 1 stands in its help."""

from __future__ import annotations

REFUSED = 2
"""Wrong input, or an output that cannot be written."""
UNFINISHED = 3
"""The solver, or a process of the command's own, was ended before it had finished."""
STOPPED = 130
"""What a shell reports of a command that Ctrl-C ended."""

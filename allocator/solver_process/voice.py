"""A child's voice: messages to its parent on what was standard output, and nothing else there."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar

from allocator.errors import AllocatorError

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Voice(Generic[M]):
    """The way to the parent. `line`: a message as one line."""

    pipe: BinaryIO
    line: Callable[[M], bytes]

    def say(self, message: M) -> None:
        """Send one message now."""
        self.pipe.write(self.line(message))
        self.pipe.flush()


def take_stdout() -> BinaryIO:
    """Standard output for messages alone: what native code prints goes to standard error."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def without_data(error: Exception) -> str:
    """The error in words that hold nobody's data: only our own errors are worded with care."""
    if isinstance(error, AllocatorError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"

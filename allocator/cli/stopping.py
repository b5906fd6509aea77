"""Stopping: Ctrl-C, and a command that is told to end, while nothing is being solved."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer


def leave(number: int, frame: FrameType | None) -> None:
    """End the command with `STOPPED`. Every file is written whole or not at all."""
    typer.echo("Stopped.", err=True)
    raise KeyboardInterrupt


@contextmanager
def ended_alike() -> Iterator[None]:
    """SIGTERM ends the command as Ctrl-C does; either once, or it would be heard while it ends."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def once(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        leave(number, frame)

    for each in before:
        signal.signal(each, once)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

"""Outputs of a command: what the system says against writing them, in words, with exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allocator.errors import UnwritableFile


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Raises UnwritableFile, which ends a command with 2, for an OSError meanwhile."""
    try:
        yield
    except OSError as error:
        raise UnwritableFile(f"{path}: cannot be written ({in_words(error)})") from error


def in_words(error: OSError) -> str:
    """What the system says, with the file it says it of."""
    what = error.strerror or str(error) or type(error).__name__
    return f"{what}: {error.filename}" if error.filename else what
